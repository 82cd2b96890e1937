package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {

    private static final BitSet NONE = new BitSet();
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, 0",
        "0.6, 0, 1, 0",
        "2.5, 0, 1, 0",
        "1, 20, 1, 0",
        "1, 1000, 1, 0",
        "1, 0, 0.95, 0",
        "1, 0, 0.3, 0",
        "1, 0, 0.9999, 0",
        "1, 0, 1, 0.05",
        "0.7, 0, 0.8, 0.1",
        "1.3, 12, 0.9, 0",
        "0.6, 20, 0.95, 0.02",
        "1, 7, 0.999, 0.3",
    })
    void followsTheDistribution(float temperature, int topK, float topP, float minP) {
        long seed = 11;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int vocabulary : new int[] {1, 2, 40, 300}) {
            SamplingOptions options = new SamplingOptions(temperature, topK, topP, minP, random.nextLong());
            float[] logits = logits(random, vocabulary, 3);
            BitSet banned = new BitSet();
            for (int id = 1; id < vocabulary; id += 9) {
                banned.set(id);
            }
            int[] counts = new int[vocabulary];
            int draws = 20_000;
            Sampler sampler = new Sampler(options, banned);
            for (int i = 0; i < draws; i++) {
                counts[sampler.sample(logits, 0, vocabulary)]++;
            }
            assertFits(counts, draws, reference(logits, banned, options), options + ", " + vocabulary + " ids");
        }
    }

    /** The definition, step by step: all probabilities, sorted, cut and scaled after each cut. */
    private static double[] reference(float[] logits, BitSet banned, SamplingOptions options) {
        List<Integer> ids = IntStream.range(0, logits.length)
                .filter(id -> !banned.get(id))
                .boxed()
                .sorted((a, b) -> logits[a] == logits[b] ? a - b : Float.compare(logits[b], logits[a]))
                .toList();
        double[] p = ids.stream()
                .mapToDouble(id -> Math.exp(((double) logits[id] - logits[ids.getFirst()]) / options.temperature()))
                .toArray();
        if (options.topK() > 0) {
            p = Arrays.copyOf(p, Math.min(p.length, options.topK()));
        }
        p = scaled(p);
        if (options.topP() < 1) {
            int kept = 0;
            double sum = 0;
            do {
                sum += p[kept++];
            } while (kept < p.length && sum < options.topP());
            p = scaled(Arrays.copyOf(p, kept));
        }
        int kept = 1;
        while (kept < p.length && p[kept] >= options.minP() * p[0]) {
            kept++;
        }
        p = scaled(Arrays.copyOf(p, kept));
        double[] byId = new double[logits.length];
        for (int i = 0; i < p.length; i++) {
            byId[ids.get(i)] = p[i];
        }
        return byId;
    }

    private static double[] scaled(double[] p) {
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(x -> x / sum).toArray();
    }

    /** Pearson's test at five standard deviations; ids expected fewer than five times are counted together. */
    private static void assertFits(int[] counts, int draws, double[] p, String what) {
        double rareExpected = 0;
        double rareCount = 0;
        double chiSquare = 0;
        int cells = 0;
        for (int id = 0; id < p.length; id++) {
            double expected = draws * p[id];
            if (expected == 0) {
                assertThat(counts[id])
                        .as("%s: id %d must not be drawn", what, id)
                        .isZero();
            } else if (expected < 5) {
                rareExpected += expected;
                rareCount += counts[id];
            } else {
                chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
                cells++;
            }
        }
        if (rareExpected >= 5) {
            chiSquare += (rareCount - rareExpected) * (rareCount - rareExpected) / rareExpected;
            cells++;
        }
        int freedom = Math.max(1, cells - 1);
        assertThat(chiSquare).as(what).isLessThan(freedom + 5 * Math.sqrt(2 * freedom));
    }

    private static float[] logits(Random random, int vocabulary, double spread) {
        float[] logits = new float[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            logits[id] = (float) (spread * random.nextGaussian());
        }
        return logits;
    }

    @Test
    void keepsExactlyTheReferenceIdsOfALargeVocabulary() {
        long seed = 12;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        float[] logits = logits(random, 248_320, 2);
        float[] before = logits.clone();
        for (int[] keep : new int[][] {{50, 100}, {0, 2}, {0, 0}}) {
            SamplingOptions options = new SamplingOptions(0.8f, keep[0], keep[1] / 100f, keep[1] == 0 ? 0 : 0.2f, 3);
            double[] p = reference(logits, NONE, options);
            Set<Integer> expected = new HashSet<>();
            for (int id = 0; id < p.length; id++) {
                if (p[id] > 0) {
                    expected.add(id);
                }
            }
            Set<Integer> found = new HashSet<>();
            Sampler sampler = new Sampler(options, NONE);
            for (int i = 0; i < 20 * expected.size(); i++) {
                found.add(sampler.sample(logits, 0, logits.length));
            }
            assertThat(found).as(options.toString()).isEqualTo(expected);
        }
        assertThat(logits).isEqualTo(before);
    }

    @Test
    void temperatureZeroTakesTheLowestOfTheLargest() {
        Sampler sampler = new Sampler(new SamplingOptions(0, 3, 0.5f, 0.5f, 1), NONE);
        assertThat(sampler.sample(new float[] {1, 4, 4, 3}, 0, 4)).isEqualTo(1);
        assertThat(sampler.sample(new float[] {-0f, 0f, -1}, 0, 3)).isZero();
        assertThat(sampler.sample(new float[] {0f, -0f, -1}, 0, 3)).isZero();
        assertThat(sampler.sample(new float[] {-5, -Float.MAX_VALUE, -4}, 0, 3)).isEqualTo(2);
        assertThat(sampler.sample(new float[] {9, 9, 1, 3, 2, 9}, 2, 3)).isEqualTo(1);
        assertThat(sampler.sample(new float[] {1, INFINITY, INFINITY}, 0, 3)).isEqualTo(1);
    }

    @Test
    void topKPrefersLowerIdsAmongEqualLogits() {
        float[] logits = {0, 2, 1, 2, 1, 1};
        Set<Integer> found = drawn(new SamplingOptions(1, 3, 1, 0, 5), NONE, logits);
        assertThat(found).containsExactlyInAnyOrder(1, 3, 2);
        assertThat(drawn(new SamplingOptions(1, 1, 1, 0, 5), NONE, logits)).containsExactly(1);
        assertThat(drawn(new SamplingOptions(1, 2, 1, 0, 5), NONE, new float[] {-0f, 0f, 0f}))
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void topPPrefersLowerIdsAmongEqualLogits() {
        assertThat(drawn(new SamplingOptions(1, 0, 0.5f, 0, 5), NONE, new float[4]))
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void topPAndMinPKeepAtLeastOne() {
        float[] logits = {1, 1.5f, 1.25f};
        assertThat(drawn(new SamplingOptions(1, 0, 1e-9f, 0, 5), NONE, logits)).containsExactly(1);
        assertThat(drawn(new SamplingOptions(1, 0, 0, 0, 5), NONE, logits)).containsExactly(1);
        assertThat(drawn(new SamplingOptions(1, 0, 1, 1, 5), NONE, logits)).containsExactly(1);
        assertThat(drawn(new SamplingOptions(1, 0, 0, 1, 5), NONE, new float[] {2, 2}))
                .containsExactly(0);
    }

    @Test
    void topKBeyondTheVocabularyKeepsAll() {
        float[] logits = {1, 1.5f, 1.25f};
        SamplingOptions options = new SamplingOptions(1, Integer.MAX_VALUE, 1, 0, 5);
        assertThat(drawn(options, NONE, logits)).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void extremeLogitsAndTemperaturesStayFinite() {
        float[] logits = {-INFINITY, 3e38f, -3e38f, 2.9e38f};
        assertThat(drawn(new SamplingOptions(1, 0, 1, 0, 5), NONE, logits)).containsExactly(1);
        assertThat(drawn(new SamplingOptions(Float.MIN_VALUE, 0, 0.9f, 0, 5), NONE, logits))
                .containsExactly(1);
        assertThat(drawn(new SamplingOptions(Float.MAX_VALUE, 0, 1, 0, 5), NONE, logits))
                .containsExactlyInAnyOrder(1, 2, 3);
        assertThat(drawn(new SamplingOptions(1, 0, 1, 0, 5), NONE, new float[] {1, INFINITY, INFINITY}))
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void bannedIdsAreNeverDrawn() {
        float[] logits = {1, 9, 2, Float.NaN, 1.5f};
        BitSet banned = new BitSet();
        banned.set(1);
        banned.set(3);
        banned.set(1000);
        for (SamplingOptions options : List.of(
                new SamplingOptions(0, 0, 1, 0, 5),
                new SamplingOptions(1, 1, 1, 0, 5),
                new SamplingOptions(1, 0, 0.1f, 0, 5),
                new SamplingOptions(1, 0, 1, 1, 5))) {
            assertThat(drawn(options, banned, logits)).as(options.toString()).containsExactly(2);
        }
        assertThat(drawn(new SamplingOptions(1, 0, 1, 0, 5), banned, logits)).containsExactlyInAnyOrder(0, 2, 4);
    }

    @Test
    void theBanIsCopied() {
        BitSet banned = new BitSet();
        Sampler sampler = new Sampler(new SamplingOptions(0, 0, 1, 0, 5), banned);
        banned.set(1);
        assertThat(sampler.sample(new float[] {1, 2}, 0, 2)).isEqualTo(1);
    }

    @Test
    void refusesNaNByIdAndWhereNothingIsLeft() {
        BitSet both = new BitSet();
        both.set(0, 2);
        for (SamplingOptions options : List.of(
                new SamplingOptions(0, 0, 1, 0, 5),
                new SamplingOptions(1, 1, 1, 0, 5),
                new SamplingOptions(1, 0, 0.5f, 0, 5))) {
            Sampler sampler = new Sampler(options, NONE);
            assertThatIllegalStateException()
                    .isThrownBy(() -> sampler.sample(new float[] {7, 2, 1, Float.NaN}, 1, 3))
                    .withMessageContaining("id 2");
            assertThatIllegalStateException()
                    .isThrownBy(() -> sampler.sample(new float[] {-INFINITY, -INFINITY}, 0, 2))
                    .withMessageContaining("none of the 2 ids");
            assertThatIllegalStateException().isThrownBy(() -> new Sampler(options, both).sample(new float[2], 0, 2));
            assertThatIllegalStateException().isThrownBy(() -> sampler.sample(new float[2], 0, 0));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> sampler.sample(new float[2], 1, 2));
        }
    }

    @Test
    void sameSeedSameIdsAndACopyContinues() {
        long seed = 13;
        System.out.println("seed " + seed);
        float[] logits = logits(new Random(seed), 500, 1);
        SamplingOptions options = new SamplingOptions(1, 0, 0.95f, 0, 42);
        Sampler first = new Sampler(options, NONE);
        Sampler second = new Sampler(options, NONE);
        int[] ids = draws(first, logits);
        assertThat(draws(second, logits)).isEqualTo(ids);
        Sampler copy = first.copy();
        int[] next = draws(first, logits);
        assertThat(next).isNotEqualTo(ids);
        assertThat(draws(copy, logits)).isEqualTo(next);
        Sampler other = new Sampler(new SamplingOptions(1, 0, 0.95f, 0, 43), NONE);
        assertThat(draws(other, logits)).isNotEqualTo(ids);
    }

    /** Each call consumes one number of SplitMix64, even where there is nothing to choose from. */
    @Test
    void consumesTheStatedGenerator() {
        // The first outputs from the state 1234567, as published for the algorithm.
        List<String> outputs = List.of(
                "6457827717110365317",
                "3203168211198807973",
                "9817491932198370423",
                "4593380528125082431",
                "16408922859458223821");
        Sampler all = new Sampler(new SamplingOptions(1, 0, 1, 0, 1234567), NONE);
        Sampler second = all.copy();
        second.sample(new float[1], 0, 1);
        for (int i = 0; i < outputs.size(); i++) {
            int expected = Long.parseUnsignedLong(outputs.get(i)) >= 0 ? 1 : 0;
            assertThat(all.sample(new float[2], 0, 2)).as("output %d", i).isEqualTo(expected);
            if (i > 0) {
                assertThat(second.sample(new float[2], 0, 2)).as("output %d", i).isEqualTo(expected);
            }
        }
    }

    private static int[] draws(Sampler sampler, float[] logits) {
        return IntStream.range(0, 50)
                .map(i -> sampler.sample(logits, 0, logits.length))
                .toArray();
    }

    /** The ids that come up in many draws. */
    private static Set<Integer> drawn(SamplingOptions options, BitSet banned, float[] logits) {
        Sampler sampler = new Sampler(options, banned);
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            ids.add(sampler.sample(logits, 0, logits.length));
        }
        return ids;
    }
}
