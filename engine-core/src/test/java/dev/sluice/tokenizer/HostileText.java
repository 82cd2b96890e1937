package dev.sluice.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A kind of text that is made to be slow to tokenize.
 *
 * @param ofLength a text of so many characters of UTF-16, or a few less; of one length always the same
 */
record HostileText(String name, IntFunction<String> ofLength) {
    private static final String[][] REPEATED = {
        {"one letter", "a"},
        {"spaces", " "},
        {"spaces and a letter", "         a"},
        {"one line of spaces", "\n" + " ".repeat(999)},
        {"tabs", "\t"},
        {"punctuation", "="},
        {"punctuation of many kinds", "!?.,;:-#()[]{}"},
        {"apostrophes", "'"},
        {"contractions", "'lL"},
        {"line feeds", "\n"},
        {"carriage returns and line feeds", "\r\n"},
        {"spaces and line feeds", " \n"},
        {"punctuation and line feeds", ".\n"},
        {"digits", "7"},
        {"digits and letters", "7a"},
        {"small and large", "aA"},
        {"words", "the quick brown fox "},
        {"words without spaces", "thequickbrownfox"},
        {"base 64", "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5"},
        {"no-break spaces", "\u00A0"},
        {"ideographs", "\u4E2D"},
        {"ideographs of many kinds", "\u5929\u5730\u7384\u9EC3\u5B87\u5B99\u6D2A\u8352"},
        {"emoji", "\uD83D\uDE00"},
        {"joined emoji", "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\uFE0F"},
        {"flags", "\uD83C\uDDE9\uD83C\uDDEA"},
        {"one mark", "\u0301"},
        {"marks out of order", "\u0301\u0323"},
        {"marks that come apart", "\u0344\u0F73"},
        {"marks of class 0 between others", "\u0301\u0323\u0903"},
        {"marks outside the first plane", "\uD834\uDD67\uD834\uDD72"},
        {"a letter and marks out of order", "e" + "\u0301\u0323".repeat(250)},
        {"Hangul in pieces", "\u1112\u1161\u11AB"},
        {"vowels that join to the left", "\u09C7\u09BE"},
        {"begin of a special token", "<|im_start"},
        {"begin of a user-defined token", "<think"},
        {"less-than signs", "<"},
        {"control tokens", "<|im_end|>"},
        {"user-defined tokens", "<think>"},
        {"tokens within each other", "<|im_<|im_end|>"},
        {"lone surrogates", "\uD800"},
        {"surrogates the wrong way round", "\uDE00\uD83D"},
        {"NUL", "\u0000"},
        {"control characters", "\u0001\u001B\u007F\u0085"},
        {"no merge", "\u0001q\u0002"},
    };

    /** All kinds; one of them is made of the tokenizer's own longest word. */
    static List<HostileText> all(Tokenizer tokenizer) {
        List<HostileText> all = new ArrayList<>();
        for (String[] repeated : REPEATED) {
            all.add(repeated(repeated[0], repeated[1]));
        }
        all.add(repeated("the longest token that is a word", longestWord(tokenizer)));
        all.add(new HostileText("random letters", length -> random(length, 'a', 'z' + 1)));
        all.add(new HostileText("random ASCII", length -> random(length, 0, 128)));
        all.add(new HostileText("random UTF-16", length -> random(length, 0, 0x10000)));
        all.add(new HostileText("random bytes taken as UTF-8", length -> {
            byte[] bytes = new byte[length];
            new Random(1).nextBytes(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }));
        return all;
    }

    static HostileText repeated(String name, String unit) {
        return new HostileText(name, length -> unit.repeat(length / unit.length()));
    }

    private static String random(int length, int first, int end) {
        return new Random(1)
                .ints(length, first, end)
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }

    private static String longestWord(Tokenizer tokenizer) {
        return IntStream.range(0, tokenizer.size())
                .mapToObj(tokenizer::text)
                .filter(text -> text.chars().allMatch(Character::isLetter))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
    }

    @Override
    public String toString() {
        return name;
    }
}
