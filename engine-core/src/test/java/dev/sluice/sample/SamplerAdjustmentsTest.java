package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Draws under penalties and logit bias. */
class SamplerAdjustmentsTest {
    private static final BitSet NONE = new BitSet();
    private static final Map<Integer, Float> NO_BIAS = Map.of();

    private static Sampler greedy(Penalties penalties, Map<Integer, Float> bias) {
        return new Sampler(new SamplingOptions(0, 0, 1, 0, penalties, bias, 0), NONE);
    }

    private static int draw(Sampler sampler, float... logits) {
        return sampler.sample(logits, 0, logits.length);
    }

    @Test
    void temperatureZeroTakesTheLargestAfterPenalties() {
        Sampler sampler = greedy(new Penalties(1, 1.5f, 0, -1), NO_BIAS);
        float[] logits = {4, 5, 1};
        assertThat(draw(sampler, logits)).isEqualTo(1);
        assertThat(draw(sampler, logits)).as("a draw accepts nothing").isEqualTo(1);
        sampler.accept(1);
        assertThat(draw(sampler, logits)).isEqualTo(0);
        sampler.accept(0);
        assertThat(draw(sampler, logits)).isEqualTo(1);
        assertThat(logits).containsExactly(4, 5, 1);
    }

    @Test
    void temperatureZeroCountsThePromptForTheRepeatPenalty() {
        Sampler sampler = greedy(new Penalties(2, 0, 0, -1), NO_BIAS);
        sampler.acceptPrompt(List.of(1));
        assertThat(draw(sampler, 4, 5, 1)).isZero();
        assertThat(draw(sampler, -4, -3, -5)).isZero();
    }

    @Test
    void amongEqualsTheLowerIdComesFirstWhetherAdjustedOrNot() {
        assertThat(draw(greedy(Penalties.NONE, Map.of(2, 1f)), 0, 3, 2)).isEqualTo(1);
        assertThat(draw(greedy(Penalties.NONE, Map.of(0, 1f)), 2, 3, 0)).isZero();
        assertThat(draw(greedy(Penalties.NONE, Map.of(0, 0f, 2, -0f)), -0f, 0, -0f))
                .isZero();
    }

    @Test
    void negativeInfinityBans() {
        Map<Integer, Float> ban = Map.of(1, Float.NEGATIVE_INFINITY);
        for (float temperature : new float[] {0, 1}) {
            SamplingOptions options = new SamplingOptions(temperature, 0, 1, 0, Penalties.NONE, ban, 3);
            assertThat(draw(new Sampler(options, NONE), -1e30f, Float.POSITIVE_INFINITY))
                    .isZero();
            assertThat(draw(new Sampler(options, NONE), 0, Float.NaN)).isZero();
            assertThatIllegalStateException()
                    .isThrownBy(() -> draw(new Sampler(options, NONE), Float.NEGATIVE_INFINITY, 3))
                    .withMessageContaining("none of the 2 ids");
        }
    }

    @Test
    void aBiasNeitherLiftsABanNorHidesNaN() {
        BitSet banned = new BitSet();
        banned.set(1);
        SamplingOptions options = new SamplingOptions(0, 0, 1, 0, Penalties.NONE, Map.of(1, 99f, 2, 1f), 0);
        assertThat(draw(new Sampler(options, banned), 0, 5, -3)).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> draw(new Sampler(options, banned), 0, 5, Float.NaN))
                .withMessageContaining("id 2");
    }

    @Test
    void idsBeyondTheLogitsChangeNothing() {
        Sampler sampler = greedy(new Penalties(2, 2, 2, -1), Map.of(7, 5f));
        sampler.acceptPrompt(List.of(9));
        sampler.accept(1000);
        assertThat(draw(sampler, 1, 2)).isEqualTo(1);
    }

    @Test
    void aCopyHasAcceptedTheSame() {
        Sampler sampler = greedy(new Penalties(1, 2, 0, -1), NO_BIAS);
        sampler.accept(0);
        Sampler copy = sampler.copy();
        copy.accept(1);
        assertThat(draw(sampler, 5, 4, 0)).isEqualTo(1);
        assertThat(draw(copy, 5, 4, 0)).isZero();
    }

    /** The draws are those of logits that were adjusted beforehand, whatever else cuts them. */
    @Test
    void drawsAreThoseOfAdjustedLogits() {
        long seed = System.nanoTime();
        System.out.println("SamplerAdjustmentsTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Penalties penalties = new Penalties(1.3f, 0.7f, 0.2f, random.nextInt(30) - 1);
            Map<Integer, Float> bias =
                    Map.of(3, 2f, 20, -1.5f, 39, Float.NEGATIVE_INFINITY, 40, random.nextFloat() * 9);
            int topK = random.nextInt(4) * 15;
            float topP = random.nextBoolean() ? 1 : 0.9f;
            float minP = random.nextBoolean() ? 0 : 0.02f;
            float temperature = random.nextInt(3) / 2f;
            long start = random.nextLong();
            SamplingOptions options = new SamplingOptions(temperature, topK, topP, minP, penalties, bias, start);
            Sampler sampler = new Sampler(options, NONE);
            LogitAdjustments adjustments = new LogitAdjustments(options);
            BitSet banned = new BitSet();
            banned.set(39);
            Sampler plain = new Sampler(new SamplingOptions(temperature, topK, topP, minP, start), banned);
            List<Integer> prompt = random.ints(10, 0, 60).boxed().toList();
            sampler.acceptPrompt(prompt);
            adjustments.acceptPrompt(prompt);
            for (int i = 0; i < 20; i++) {
                float[] logits = new float[60];
                float[] adjusted = new float[60];
                for (int id = 0; id < 60; id++) {
                    logits[id] = (float) (2 * random.nextGaussian());
                    adjusted[id] = adjustments.apply(id, logits[id]);
                }
                int token = sampler.sample(logits, 0, 60);
                assertThat(token).as("seed %d: %s", seed, options).isEqualTo(plain.sample(adjusted, 0, 60));
                sampler.accept(token);
                adjustments.accept(token);
            }
        }
    }
}
