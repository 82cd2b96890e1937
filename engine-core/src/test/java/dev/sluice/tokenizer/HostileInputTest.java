package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text made to be slow: ten times the text takes about ten times as long, and comes back whole. */
class HostileInputTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int SMALL = 100_000;
    private static final int LARGE = 1_000_000;
    /** Between linear (10) and quadratic (100), with room for noise. */
    private static final double MOST = 40;
    /** Shorter times are noise. */
    private static final long FLOOR_NANOS = 5_000_000;

    static Stream<Named<String>> units() {
        return Stream.of(
                Named.of("one letter", "a"),
                Named.of("spaces", " "),
                Named.of("spaces and a letter", "         a"),
                Named.of("punctuation", "="),
                Named.of("apostrophes", "'"),
                Named.of("line feeds", "\n"),
                Named.of("carriage returns and line feeds", "\r\n"),
                Named.of("spaces and line feeds", " \n"),
                Named.of("digits", "7"),
                Named.of("no-break spaces", "\u00A0"),
                Named.of("ideographs", "\u4E2D"),
                Named.of("emoji", "\uD83D\uDE00"),
                Named.of("joined emoji", "\uD83D\uDC68\u200D"),
                Named.of("one mark", "\u0301"),
                Named.of("marks out of order", "\u0301\u0323"),
                Named.of("marks outside the first plane", "\uD834\uDD67\uD834\uDD72"),
                Named.of("Hangul in pieces", "\u1112\u1161\u11AB"),
                Named.of("half of a special token", "<|im_"),
                Named.of("special tokens", "<|im_end|>"),
                Named.of("lone surrogates", "\uD800"),
                Named.of("NUL", "\u0000"),
                Named.of("no merge", "\u0001q\u0002"));
    }

    @ParameterizedTest
    @MethodSource("units")
    void timeIsLinearInTheText(String unit) {
        Tokenizer tokenizer = Fixtures.tiny();
        for (EncodeOptions options : List.of(Fixtures.RAW_SPECIAL, EncodeOptions.withSpecial())) {
            assertLinear(tokenizer, unit, options);
        }
        String text = unit.repeat(LARGE / unit.length());
        String decoded = tokenizer.decodeWithSpecial(tokenizer.encode(text, Fixtures.RAW_SPECIAL));
        assertThat(decoded.equals(text.replace('\uD800', unit.length() == 1 ? '\uFFFD' : '\uD800')))
                .as("comes back")
                .isTrue();
    }

    private static void assertLinear(Tokenizer tokenizer, String unit, EncodeOptions options) {
        String text = unit.repeat(SMALL / unit.length());
        long small = Math.min(nanos(tokenizer, text, options), nanos(tokenizer, text, options));
        long large = nanos(tokenizer, unit.repeat(LARGE / unit.length()), options);
        assertThat((double) large / Math.max(FLOOR_NANOS, small))
                .as("%s", options)
                .isLessThan(MOST);
    }

    /** Time that this thread computes: what else the machine does must not count. */
    private static long nanos(Tokenizer tokenizer, String text, EncodeOptions options) {
        long start = THREADS.getCurrentThreadCpuTime();
        tokenizer.encode(text, options);
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    @Test
    void aBaseWithManyMarksIsNormalisedInSlices() {
        String marks = "\u0301\u0323".repeat(LARGE / 2);
        String normal = Tokenizer.normalize("e" + marks);
        assertThat(normal).startsWith("\u1EB9\u0323");
        assertThat(normal.chars().filter(c -> c == 0x301).count()).isEqualTo(LARGE / 2);
        assertThat(normal.chars().filter(c -> c == 0x323).count()).isEqualTo(LARGE / 2 - 1);
    }

    @Test
    void mergesThatChain() {
        List<String> merges = new ArrayList<>();
        for (String a = "a"; a.length() < 1 << 12; a += a) {
            merges.add(a + " " + a);
        }
        Tokenizer doubling = Tokenizer.of(Fixtures.vocabulary(merges, Map.of()));
        assertLinear(doubling, "a", Fixtures.RAW);
        int[] ids = doubling.encode("a".repeat(LARGE));
        assertThat(ids).hasSize((LARGE >> 12) + Integer.bitCount(LARGE & (1 << 12) - 1));

        merges.clear();
        for (int length = 1; length < 300; length++) {
            merges.add("a".repeat(length) + " a");
        }
        Tokenizer growing = Tokenizer.of(Fixtures.vocabulary(merges, Map.of()));
        assertLinear(growing, "a", Fixtures.RAW);
        assertThat(growing.decode(growing.encode("a".repeat(LARGE))).length()).isEqualTo(LARGE);
    }

    @Test
    void specialTokensThatOverlapEachOther() {
        Map<String, Integer> added = new LinkedHashMap<>();
        for (int length = 1; length < 100; length++) {
            added.put("a".repeat(length) + "b", Vocabulary.CONTROL);
            added.put("a".repeat(length), Vocabulary.USER_DEFINED);
        }
        Tokenizer tokenizer = Tokenizer.of(Fixtures.vocabulary(List.of(), added));
        for (String unit : List.of("a", "ab", "a".repeat(150) + "b")) {
            assertLinear(tokenizer, unit, Fixtures.RAW_SPECIAL);
            assertLinear(tokenizer, unit, Fixtures.RAW);
        }
    }
}
