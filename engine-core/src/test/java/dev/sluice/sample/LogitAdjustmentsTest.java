package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitAdjustmentsTest {
    private static LogitAdjustments of(Penalties penalties, Map<Integer, Float> bias) {
        return new LogitAdjustments(new SamplingOptions(1, 0, 1, 0, penalties, bias, 0));
    }

    private static LogitAdjustments of(float repeat, float presence, float frequency, int lastN) {
        return of(new Penalties(repeat, presence, frequency, lastN), Map.of());
    }

    @Test
    void theRepeatPenaltyCountsThePromptAndTheOthersDoNot() {
        LogitAdjustments adjustments = of(2, 1, 0.5f, -1);
        adjustments.acceptPrompt(List.of(3, 3, 4));
        assertThat(adjustments.apply(3, 8)).isEqualTo(4);
        adjustments.accept(4);
        adjustments.accept(4);
        adjustments.accept(5);
        assertThat(adjustments.apply(3, 8)).isEqualTo(4);
        assertThat(adjustments.apply(4, 8)).isEqualTo(4 - 1 - 2 * 0.5f);
        assertThat(adjustments.apply(5, 8)).isEqualTo(4 - 1 - 0.5f);
        assertThat(adjustments.apply(6, 8)).isEqualTo(8);
        assertThat(adjustments.changed().stream()).containsExactly(3, 4, 5);
    }

    @Test
    void theWindowMovesOverThePromptAndTheReply() {
        LogitAdjustments adjustments = of(2, 1, 0, 3);
        adjustments.acceptPrompt(List.of(1, 2));
        adjustments.acceptPrompt(List.of(3, 4));
        assertThat(adjustments.changed().stream()).containsExactly(2, 3, 4);
        adjustments.accept(2);
        adjustments.accept(5);
        assertThat(adjustments.changed().stream()).containsExactly(2, 4, 5);
        assertThat(adjustments.apply(2, 8)).isEqualTo(3);
        adjustments.accept(6);
        adjustments.accept(7);
        assertThat(adjustments.changed().stream()).containsExactly(5, 6, 7);
        assertThat(adjustments.apply(2, 8)).isEqualTo(8);
    }

    @Test
    void biasComesBeforePenalties() {
        LogitAdjustments adjustments = of(new Penalties(2, 0, 0, -1), Map.of(1, -3f, 2, 3f));
        assertThat(adjustments.changed().stream()).containsExactly(1, 2);
        adjustments.acceptPrompt(List.of(1, 3));
        assertThat(adjustments.apply(1, 2)).isEqualTo(-2);
        assertThat(adjustments.apply(2, 2)).isEqualTo(5);
        assertThat(adjustments.apply(3, 2)).isEqualTo(1);
    }

    @Test
    void aBiasStaysWhenItsTokenLeavesTheWindow() {
        LogitAdjustments adjustments = of(new Penalties(2, 0, 0, 1), Map.of(1, 3f));
        adjustments.accept(1);
        adjustments.accept(2);
        assertThat(adjustments.changed().stream()).containsExactly(1, 2);
        assertThat(adjustments.apply(1, 2)).isEqualTo(5);
    }

    @Test
    void finiteStaysFiniteAndTheRestAsItIs() {
        LogitAdjustments adjustments = of(new Penalties(1e-30f, 2, 2, -1), Map.of(1, Float.MAX_VALUE));
        adjustments.acceptPrompt(List.of(0, 1));
        assertThat(adjustments.apply(0, 1e30f)).isEqualTo(Float.MAX_VALUE);
        assertThat(adjustments.apply(1, Float.MAX_VALUE)).isEqualTo(Float.MAX_VALUE);
        assertThat(of(new Penalties(1, 0, 0, -1), Map.of(1, -Float.MAX_VALUE)).apply(1, -Float.MAX_VALUE))
                .isEqualTo(-Float.MAX_VALUE);
        assertThat(adjustments.apply(0, Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(adjustments.apply(1, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(adjustments.apply(1, Float.NaN)).isNaN();
    }

    @Test
    void withoutPenaltiesNothingIsKept() {
        for (LogitAdjustments none : List.of(of(1, 0, 0, -1), of(2, 2, 2, 0))) {
            none.acceptPrompt(List.of(1));
            none.accept(2);
            assertThat(none.changed().isEmpty()).isTrue();
            assertThat(none.apply(2, 1)).isEqualTo(1);
        }
    }

    @Test
    void thePromptComesFirst() {
        for (LogitAdjustments adjustments : List.of(of(1, 0, 0, -1), of(1, 2, 0, -1), of(2, 0, 0, -1))) {
            adjustments.acceptPrompt(List.of(1));
            adjustments.accept(2);
            assertThatIllegalStateException()
                    .isThrownBy(() -> adjustments.acceptPrompt(List.of(1)))
                    .withMessageContaining("prompt");
            assertThatIllegalStateException()
                    .isThrownBy(() -> adjustments.copy().acceptPrompt(List.of(1)));
        }
    }

    @Test
    void aCopyGoesItsOwnWay() {
        LogitAdjustments adjustments = of(2, 1, 0, 4);
        adjustments.acceptPrompt(List.of(1, 2));
        LogitAdjustments copy = adjustments.copy();
        adjustments.accept(3);
        copy.accept(70);
        assertThat(adjustments.changed().stream()).containsExactly(1, 2, 3);
        assertThat(copy.changed().stream()).containsExactly(1, 2, 70);
        assertThat(copy.apply(3, 8)).isEqualTo(8);
        assertThat(copy.apply(70, 8)).isEqualTo(3);
    }

    /** Against counts made anew for each logit. */
    @Test
    void countsAreThoseOfTheWindow() {
        long seed = System.nanoTime();
        System.out.println("LogitAdjustmentsTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Penalties penalties = new Penalties(
                    random.nextBoolean() ? 1 : 1.25f,
                    random.nextBoolean() ? 0 : 0.5f,
                    random.nextBoolean() ? 0 : -0.75f,
                    random.nextInt(12) - 1);
            Map<Integer, Float> bias = new HashMap<>();
            bias.put(random.nextInt(10), 2f);
            LogitAdjustments adjustments = of(penalties, bias);
            List<Integer> prompt = ids(random);
            adjustments.acceptPrompt(prompt);
            List<Integer> reply = ids(random);
            reply.forEach(adjustments::accept);
            List<Integer> whole = new ArrayList<>(prompt);
            whole.addAll(reply);
            int from = penalties.lastN() < 0 ? 0 : Math.max(0, whole.size() - penalties.lastN());
            for (int id = 0; id < 10; id++) {
                float expected = 3 + bias.getOrDefault(id, 0f);
                if (whole.subList(from, whole.size()).contains(id)) {
                    List<Integer> generated = whole.subList(Math.max(from, prompt.size()), whole.size());
                    expected = penalties.apply(expected, Collections.frequency(generated, id));
                }
                assertThat(adjustments.apply(id, 3))
                        .as("seed %d: %s, %s after %s, id %d", seed, penalties, reply, prompt, id)
                        .isEqualTo(expected);
                assertThat(expected == 3 || adjustments.changed().get(id))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    private static List<Integer> ids(Random random) {
        return random.ints(random.nextInt(20), 0, 10).boxed().toList();
    }
}
