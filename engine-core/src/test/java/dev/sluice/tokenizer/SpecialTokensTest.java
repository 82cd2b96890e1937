package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {
    private final Tokenizer tokenizer = Fixtures.tiny();

    @Test
    void controlTokensAreParsedOnlyWhereAsked() {
        int start = id("<|im_start|>");
        assertThat(tokenizer.encode("<|im_start|>a", EncodeOptions.withSpecial()))
                .containsExactly(start, id("a"));
        int[] plain = tokenizer.encode("<|im_start|>a", EncodeOptions.plain());
        assertThat(plain).doesNotContain(start).hasSizeGreaterThan(4);
        assertThat(tokenizer.encode("<|im_start|>a")).as("off unless asked").isEqualTo(plain);
        assertThat(tokenizer.decode(plain)).isEqualTo("<|im_start|>a");
    }

    @Test
    void userDefinedTokensAreAlwaysParsed() {
        for (EncodeOptions options : List.of(EncodeOptions.plain(), EncodeOptions.withSpecial())) {
            assertThat(tokenizer.encode("<think>a</think><think", options))
                    .startsWith(id("<think>"), id("a"), id("</think>"))
                    .hasSizeGreaterThan(4);
        }
    }

    @Test
    void decodingLeavesControlTokensOutUnlessAsked() {
        int[] ids = {id("<|im_start|>"), id("a"), id("<think>"), id("<|im_end|>")};
        assertThat(tokenizer.decode(ids)).isEqualTo("a<think>");
        assertThat(tokenizer.decodeWithSpecial(ids)).isEqualTo("<|im_start|>a<think><|im_end|>");
    }

    @Test
    void endOfGenerationHoldsTheTokensKnownByName() {
        assertThat(IntStream.range(0, tokenizer.size()).filter(tokenizer::isEndOfGeneration))
                .containsExactlyInAnyOrder(id("<|im_end|>"), id("<|endoftext|>"));
    }

    @Test
    void normalisationDoesNotReachAcrossSpecialTokens() {
        String mark = "\u0301";
        assertThat(tokenizer.encode("<think>e" + mark, EncodeOptions.withSpecial()))
                .isEqualTo(tokenizer.encode("<think>\u00E9", Fixtures.RAW_SPECIAL));
        assertThat(tokenizer.decode(tokenizer.encode("e<think>" + mark))).isEqualTo("e<think>" + mark);
    }

    @Test
    void theLongestTokenGoesFirstThenTheLeftmost() {
        assertThat(found("xabcde", "abc", "bcde")).containsExactly("2-6 bcde");
        assertThat(found("aaaaa", "aa", "aaa")).containsExactly("0-3 aaa", "3-5 aa");
        assertThat(found("aabaab", "aab", "ab", "b")).containsExactly("0-3 aab", "3-6 aab");
        assertThat(found("abab", "bab", "ab")).as("what the longer one leaves").containsExactly("1-4 bab");
        assertThat(found("ab\u00E9x", "\u00E9x", "ab\u00E9", "b\u00E9")).containsExactly("0-3 ab\u00E9");
        assertThat(found("abc\u20AC", "abc", "c\u20AC"))
                .as("4 bytes, though 2 characters")
                .containsExactly("2-4 c\u20AC");
        assertThat(found("", "a")).isEmpty();
        assertThat(found("abc", "")).isEmpty();
        assertThat(found("aa", "a", "a")).as("of equal texts the first").containsExactly("0-1 a", "1-2 a");
    }

    private static List<String> found(String text, String... tokens) {
        return new SpecialTokens(List.of(tokens), id -> true)
                .find(text).stream()
                        .map(match -> match.start() + "-" + match.end() + " " + tokens[match.id()])
                        .toList();
    }

    /** Against the definition: one search through the text for each token, longest first. */
    @Test
    void agreesWithTheDefinitionOnOverlappingTokens() {
        long seed = System.nanoTime();
        System.out.println("SpecialTokensTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            List<String> tokens = IntStream.range(0, random.nextInt(1, 7))
                    .mapToObj(n -> word(random, random.nextInt(1, 5)))
                    .toList();
            String text = word(random, random.nextInt(20));
            assertThat(new SpecialTokens(tokens, id -> true).find(text))
                    .as("seed %d: %s in %s", seed, tokens, text)
                    .isEqualTo(definition(tokens, text));
        }
    }

    private static String word(SplittableRandom random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append("aab\u00E9\u20AC".charAt(random.nextInt(5)));
        }
        return word.toString();
    }

    private static List<SpecialTokens.Match> definition(List<String> tokens, String text) {
        StringBuilder rest = new StringBuilder(text);
        List<SpecialTokens.Match> matches = new ArrayList<>();
        IntStream.range(0, tokens.size())
                .boxed()
                .sorted(Comparator.comparingInt(id -> -tokens.get(id).getBytes(StandardCharsets.UTF_8).length))
                .forEach(id -> {
                    String token = tokens.get(id);
                    for (int at = rest.indexOf(token); at >= 0; at = rest.indexOf(token)) {
                        matches.add(new SpecialTokens.Match(at, at + token.length(), id));
                        rest.replace(at, at + token.length(), "\u0000".repeat(token.length()));
                    }
                });
        matches.sort(Comparator.comparingInt(SpecialTokens.Match::start));
        return matches;
    }

    @Test
    void aHundredThousandSpecialTokensAllInTheText() {
        Map<String, Integer> added = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            added.put("<|" + i + "|>", i % 2 == 0 ? Vocabulary.CONTROL : Vocabulary.USER_DEFINED);
            text.append("<|").append(i).append("|>");
        }
        Tokenizer many = Tokenizer.of(Fixtures.vocabulary(List.of(), added));
        assertThat(many.encode(text.toString(), EncodeOptions.withSpecial()))
                .isEqualTo(IntStream.range(256, 100_256).toArray());
        assertThat(many.decode(many.encode(text.toString())).contentEquals(text))
                .isTrue();
    }

    @Test
    void absurdlyLongTokensAreRefused() {
        for (int type : new int[] {Vocabulary.CONTROL, Vocabulary.USER_DEFINED}) {
            Map<String, Integer> added = Map.of("a".repeat(1 << 19), type, "b".repeat((1 << 19) + 1), type);
            assertThatThrownBy(() -> Tokenizer.of(Fixtures.vocabulary(List.of(), added)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("tokenizer.ggml.tokens", "1048577 characters", "at most 1048576");
        }
        Tokenizer.of(Fixtures.vocabulary(List.of(), Map.of("a".repeat(1 << 20), Vocabulary.CONTROL)));
    }

    private int id(String text) {
        return tokenizer.idOf(text).orElseThrow();
    }
}
