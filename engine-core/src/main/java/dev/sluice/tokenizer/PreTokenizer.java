package dev.sluice.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cuts text into the pieces that byte-pair encoding must not cross: the regular expressions of the Qwen2 and Qwen3.5
 * tokenizers as a scanner, which needs linear time on any text. The two differ in one point: for qwen35, combining marks
 * belong to words.
 */
enum PreTokenizer {
    QWEN2(false),
    QWEN35(true);

    private static final int LETTERS = mask(
            Character.UPPERCASE_LETTER,
            Character.LOWERCASE_LETTER,
            Character.TITLECASE_LETTER,
            Character.MODIFIER_LETTER,
            Character.OTHER_LETTER);
    private static final int MARKS =
            mask(Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK);
    private static final int NUMBERS =
            mask(Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER);

    /**
     * Letters, marks and numbers that came with Unicode 16 (ranges, first and last). Java 25 knows them; llama.cpp's tables
     * are of Unicode 15.1, so there they are symbols. A token must not depend on the version, hence neither does this.
     */
    private static final int[] UNICODE_16 = {
        0x0897, 0x0897, 0x1C89, 0x1C8A, 0xA7CB, 0xA7CD, 0xA7DA, 0xA7DC, 0x105C0, 0x105F3, 0x10D40, 0x10D85,
        0x10EC2, 0x10EFC, 0x11380, 0x113E2, 0x116D0, 0x116E3, 0x11BC0, 0x11BF9, 0x11F5A, 0x11F5A, 0x13460, 0x143FA,
        0x16100, 0x16139, 0x16D40, 0x16D79, 0x18CFF, 0x18CFF, 0x1CCF0, 0x1CCF9, 0x1E5D0, 0x1E5FA
    };

    private static final List<String> NAMES_OF_QWEN35 = List.of("qwen35");
    private static final List<String> NAMES_OF_QWEN2 =
            List.of("qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez");

    private final boolean marksAreWords;

    PreTokenizer(boolean marksAreWords) {
        this.marksAreWords = marksAreWords;
    }

    /** All values of {@code tokenizer.ggml.pre} that name one of them. */
    static List<String> names() {
        return Stream.concat(NAMES_OF_QWEN35.stream(), NAMES_OF_QWEN2.stream()).toList();
    }

    /** The scanner that a file's {@code tokenizer.ggml.pre} names; throws if it is none of ours. */
    static PreTokenizer of(String pre) {
        if (NAMES_OF_QWEN35.contains(pre)) {
            return QWEN35;
        }
        if (NAMES_OF_QWEN2.contains(pre)) {
            return QWEN2;
        }
        throw new IllegalArgumentException(
                "tokenizer.ggml.pre '" + pre + "' is not supported; supported are " + String.join(", ", names()));
    }

    /** End of the piece that begins at {@code at}. The alternatives stand in the order of the regular expression. */
    int next(String text, int at) {
        int contraction = contraction(text, at);
        if (contraction > at) {
            return contraction;
        }
        int c = text.codePointAt(at);
        int after = at + Character.charCount(c);
        int following = after < text.length() ? text.codePointAt(after) : -1;
        if (isWord(c)) {
            return wordEnd(text, after);
        }
        if (!isLineBreak(c) && !isNumber(c) && isWord(following)) {
            return wordEnd(text, after);
        }
        if (isNumber(c)) {
            return after;
        }
        if (isSymbol(c)) {
            return symbolEnd(text, after);
        }
        if (c == ' ' && isSymbol(following)) {
            return symbolEnd(text, after);
        }
        return spaceEnd(text, at);
    }

    /** {@code 's 't 'm 'd 're 've 'll}, in either case. */
    private static int contraction(String text, int at) {
        if (text.charAt(at) != '\'' || at + 1 >= text.length()) {
            return at;
        }
        char first = lower(text.charAt(at + 1));
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return at + 2;
        }
        if (at + 2 < text.length()) {
            char second = lower(text.charAt(at + 2));
            if ((second == 'e' && (first == 'r' || first == 'v')) || (first == 'l' && second == 'l')) {
                return at + 3;
            }
        }
        return at;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    private int wordEnd(String text, int at) {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!isWord(c)) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    private int symbolEnd(String text, int at) {
        while (at < text.length() && isSymbol(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        while (at < text.length() && isLineBreak(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** White space: up to the last line break of the run, else all but the last character if something follows. */
    private static int spaceEnd(String text, int at) {
        int end = at;
        int lastBreak = -1;
        while (end < text.length() && isSpace(text.charAt(end))) {
            if (isLineBreak(text.charAt(end))) {
                lastBreak = end;
            }
            end++;
        }
        if (lastBreak >= 0) {
            return lastBreak + 1;
        }
        return end < text.length() && end - at > 1 ? end - 1 : end;
    }

    private boolean isWord(int c) {
        return in(LETTERS, c) || (marksAreWords && in(MARKS, c));
    }

    private static boolean isNumber(int c) {
        return in(NUMBERS, c);
    }

    private boolean isSymbol(int c) {
        return c >= 0 && !isSpace(c) && !isWord(c) && !isNumber(c);
    }

    private static boolean isLineBreak(int c) {
        return c == '\r' || c == '\n';
    }

    /** Unicode's White_Space; all of it lies in the first plane. */
    private static boolean isSpace(int c) {
        return (c >= 0x09 && c <= 0x0D)
                || c == 0x20
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    private static boolean in(int mask, int c) {
        return c >= 0 && (mask >> Character.getType(c) & 1) != 0 && !isUnicode16(c);
    }

    private static boolean isUnicode16(int c) {
        if (c < UNICODE_16[0]) {
            return false;
        }
        int place = Arrays.binarySearch(UNICODE_16, c);
        return place >= 0 || (-place - 1) % 2 == 1;
    }

    private static int mask(byte... categories) {
        int mask = 0;
        for (byte category : categories) {
            mask |= 1 << category;
        }
        return mask;
    }
}
