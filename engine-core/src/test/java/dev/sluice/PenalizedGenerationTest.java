package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Greedy generation under penalties against a loop that is written out here: which tokens count, and as what. */
class PenalizedGenerationTest {
    private static final float REPEAT = 1.3f;
    private static final float PRESENCE = 0.4f;
    private static final float FREQUENCY = 0.1f;
    private static final List<Integer> PROMPT = List.of(5, 17, 5, 200, 31);
    private static final GenerateOptions OPTIONS = GenerateOptions.builder()
            .temperature(0)
            .repeatPenalty(REPEAT)
            .presencePenalty(PRESENCE)
            .frequencyPenalty(FREQUENCY)
            .maxTokens(25)
            .build();

    private static Model model;

    @BeforeAll
    static void load() {
        model = Model.load(
                MemorySegment.ofArray(SyntheticModel.of("qwen35").writer().toBytes()));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** What {@link #OPTIONS} must generate after tokens that a session of this model would hold. */
    private static List<Integer> expected(List<Integer> held) {
        List<Integer> reply = new ArrayList<>();
        try (Session session = model.newSession()) {
            float[] logits = session.forward(ints(held));
            while (reply.size() < 25) {
                int best = 0;
                float largest = Float.NEGATIVE_INFINITY;
                for (int id = 0; id < logits.length; id++) {
                    float logit = logits[id];
                    long count = count(reply, id);
                    if (count > 0 || held.contains(id)) {
                        logit = logit > 0 ? logit / REPEAT : logit * REPEAT;
                    }
                    logit -= count > 0 ? count * FREQUENCY + PRESENCE : 0;
                    if (logit > largest) {
                        largest = logit;
                        best = id;
                    }
                }
                reply.add(best);
                logits = session.forward(best);
            }
        }
        return reply;
    }

    private static long count(List<Integer> ids, int id) {
        return ids.stream().filter(other -> other == id).count();
    }

    private static int[] ints(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Integer> generate(Session session, List<Integer> prompt) {
        return session.generate(Prompt.tokens(prompt), OPTIONS).tokens();
    }

    @Test
    void promptAndReplyCount() {
        try (Session session = model.newSession()) {
            assertThat(generate(session, PROMPT)).isEqualTo(expected(PROMPT));
        }
        // or else the penalties changed nothing
        GenerateOptions plain =
                GenerateOptions.builder().temperature(0).maxTokens(25).build();
        try (Session session = model.newSession()) {
            assertThat(session.generate(Prompt.tokens(PROMPT), plain).tokens()).isNotEqualTo(expected(PROMPT));
        }
    }

    @Test
    void earlierTurnsCountAsPrompt() {
        List<Integer> held = new ArrayList<>(PROMPT);
        try (Session session = model.newSession()) {
            held.addAll(generate(session, PROMPT));
            held.removeLast(); // no step has read it
            assertThat(session.tokens()).isEqualTo(held);
            held.addAll(List.of(7, 8));
            assertThat(generate(session, List.of(7, 8))).isEqualTo(expected(held));
        }
    }

    @Test
    void tokensReadBeforeCountAndThoseOfAForkToo() {
        List<Integer> whole = new ArrayList<>(PROMPT);
        whole.add(9);
        try (Session session = model.newSession()) {
            session.forward(ints(PROMPT));
            try (Session fork = session.fork()) {
                assertThat(generate(fork, List.of(9))).isEqualTo(expected(whole));
            }
            session.reset();
            assertThat(generate(session, List.of(9))).as("after a reset").isEqualTo(expected(List.of(9)));
        }
    }

    @Test
    void aSettingThatFailsLeavesTheSessionAlone() {
        GenerateOptions bad = GenerateOptions.builder().presencePenalty(3).build();
        try (Session session = model.newSession()) {
            session.forward(1, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.generate(Prompt.tokens(List.of(3)), bad))
                    .withMessageContaining("presence penalty 3.0");
            assertThat(session.tokens()).containsExactly(1, 2);
        }
    }

    @Test
    void aBannedTokenIsNotGeneratedAndABiasedOneIs() {
        try (Session session = model.newSession()) {
            int best = generate(session, PROMPT).getFirst();
            session.reset();
            GenerateOptions.Builder options =
                    GenerateOptions.builder().temperature(0).maxTokens(25);
            assertThat(session.generate(
                                    Prompt.tokens(PROMPT),
                                    options.logitBias(best, Double.NEGATIVE_INFINITY)
                                            .build())
                            .tokens())
                    .doesNotContain(best);
            session.reset();
            assertThat(session.generate(
                                    Prompt.tokens(PROMPT),
                                    options.logitBias(11, 1e6).build())
                            .tokens())
                    .containsOnly(11);
        }
    }

    @Test
    void refusesBiasesOfTokensThatAreNotThereAndABanOfAll() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.sampling(
                        GenerateOptions.builder().logitBias(320, 1).build()))
                .withMessageContainingAll("no token 320", "below 320");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.sampling(
                        GenerateOptions.builder().logitBias(-1, 1).build()))
                .withMessageContaining("token id -1");
        GenerateOptions.Builder all = GenerateOptions.builder();
        for (int id = 0; id < model.vocabularySize(); id++) {
            all.logitBias(id, Double.NEGATIVE_INFINITY);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.sampling(all.build()))
                .withMessageContaining("every token is banned");
        assertThat(model.sampling(all.logitBias(3, 0).build()).logitBias())
                .hasSize(model.vocabularySize())
                .containsEntry(3, 0f);
    }
}
