package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text made to be slow: ten times the text costs about ten times the work, and comes back whole. */
class HostileInputTest {
    private static final int SMALL = 100_000;
    private static final int LARGE = 1_000_000;
    private static final int HUGE = 10_000_000;
    /** Between linear (10) and quadratic (100), with room for caches and noise. */
    private static final double MOST = 30;
    /** Shorter times are noise. */
    private static final long FLOOR_NANOS = 5_000_000;

    private static final HostileText A = HostileText.repeated("one letter", "a");
    private static final Tokenizer TINY = Fixtures.tiny();

    static List<HostileText> texts() {
        return HostileText.all(TINY);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void workIsLinearInTheText(HostileText hostile) {
        assertLinear(TINY, hostile, EncodeOptions.withSpecial());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void comesBack(HostileText hostile) {
        String text = hostile.ofLength().apply(LARGE);
        String expected = text.codePoints()
                .map(c -> c >= 0xD800 && c < 0xE000 ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        String decoded = TINY.decodeWithSpecial(TINY.encode(text, Fixtures.RAW_SPECIAL));
        // Not isEqualTo: a failure would print megabytes.
        assertThat(decoded.equals(expected)).isTrue();
    }

    /** In processor time of this thread, the best of several. */
    private static void assertLinear(Tokenizer tokenizer, HostileText hostile, EncodeOptions options) {
        String small = hostile.ofLength().apply(SMALL);
        String large = hostile.ofLength().apply(LARGE);
        long smallNanos = Long.MAX_VALUE;
        long largeNanos = Long.MAX_VALUE;
        for (int tries = 0; tries < 4 && !isLinear(smallNanos, largeNanos); tries++) {
            smallNanos = Math.min(smallNanos, nanos(tokenizer, small, options));
            largeNanos = Math.min(largeNanos, nanos(tokenizer, large, options));
        }
        assertThat(isLinear(smallNanos, largeNanos))
                .as("%s, %s: %d ns for %d, %d ns for %d", hostile, options, smallNanos, SMALL, largeNanos, LARGE)
                .isTrue();
    }

    private static boolean isLinear(long smallNanos, long largeNanos) {
        return (double) largeNanos / Math.max(FLOOR_NANOS, smallNanos) < MOST;
    }

    private static long nanos(Tokenizer tokenizer, String text, EncodeOptions options) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        tokenizer.encode(text, options);
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }

    /** What is allocated in all, garbage included, is at least what is needed at one time. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "the quick brown fox ", "<think>", "\u0301\u0323", "\uD800"})
    void memoryIsBoundedByTheText(String unit) {
        String text = unit.repeat(HUGE / unit.length());
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int[] ids = TINY.encode(text, EncodeOptions.withSpecial());
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(ids).isNotEmpty();
        assertThat(bytes / text.length()).as("bytes for each character").isLessThan(200);
    }

    @Test
    void mergesThatChain() {
        List<String> merges = new ArrayList<>();
        for (String a = "a"; a.length() < 1 << 12; a += a) {
            merges.add(a + " " + a);
        }
        Tokenizer doubling = Tokenizer.of(Fixtures.vocabulary(merges, Map.of()));
        assertLinear(doubling, A, Fixtures.RAW);
        int[] ids = doubling.encode("a".repeat(LARGE));
        assertThat(ids).hasSize((LARGE >> 12) + Integer.bitCount(LARGE & (1 << 12) - 1));

        merges.clear();
        for (int length = 1; length < 300; length++) {
            merges.add("a".repeat(length) + " a");
        }
        Tokenizer growing = Tokenizer.of(Fixtures.vocabulary(merges, Map.of()));
        assertLinear(growing, A, Fixtures.RAW);
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
            HostileText text = HostileText.repeated(unit, unit);
            assertLinear(tokenizer, text, Fixtures.RAW_SPECIAL);
            assertLinear(tokenizer, text, Fixtures.RAW);
        }
    }
}
