package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gguf.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A session gives the same logits however its tokens were fed; and what it refuses. */
class SessionTest {
    private static final double LIMIT = 1e-10;
    private static final int TOKENS = 150;

    static Stream<Arguments> models() {
        List<Arguments> models = new ArrayList<>();
        for (TensorType kv : List.of(TensorType.F32, TensorType.F16)) {
            for (String arch : List.of("qwen35", "qwen35moe", "qwen3next")) {
                models.add(Arguments.of(arch, TensorType.F32, kv));
            }
        }
        for (TensorType type : List.of(TensorType.F16, TensorType.BF16, TensorType.Q8_0)) {
            models.add(Arguments.of("qwen35", type, TensorType.F16));
            models.add(Arguments.of("qwen35moe", type, TensorType.F16));
        }
        for (TensorType type : RandomBlocks.TYPES) {
            models.add(Arguments.of("qwen35", type, TensorType.F16));
        }
        return models.stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void piecesForksAndNeighboursChangeNothing(String arch, TensorType type, TensorType kv) {
        try (Model model = Model.load(TestModels.synthetic(arch, type), new LoadOptions(2, 64))) {
            int[] ids = TestModels.tokens(TOKENS, model.vocabularySize());
            SessionOptions options = SessionOptions.ofContext(TOKENS).withKvType(kv);
            float[][] whole;
            try (Session session = model.newSession(options)) {
                whole = TestModels.all(session, ids);
                assertThat(IntStream.range(0, whole[0].length).allMatch(i -> Float.isFinite(whole[0][i])))
                        .isTrue();
                session.reset();
                assertSame(whole, TestModels.all(session, ids), "after a reset");
            }
            for (int piece : new int[] {1, 7, 64}) {
                try (Session session = model.newSession(options)) {
                    assertSame(whole, inPieces(session, ids, piece), "in pieces of " + piece);
                }
            }
            forkInTheMiddle(model, options, ids, whole);
            interleaved(model, options, ids, whole);
        }
    }

    private static void forkInTheMiddle(Model model, SessionOptions options, int[] ids, float[][] whole) {
        int half = ids.length / 2;
        int[] rest = Arrays.copyOfRange(ids, half, ids.length);
        try (Session session = model.newSession(options)) {
            TestModels.all(session, Arrays.copyOf(ids, half));
            try (Session fork = session.fork()) {
                // The fork goes elsewhere first: what it writes must not be seen by the original.
                try (Session other = session.fork()) {
                    other.forward(1, 2, 3);
                    other.forward(4);
                }
                float[][] tail = Arrays.copyOfRange(whole, half, ids.length);
                assertSame(tail, TestModels.all(fork, rest), "in a fork");
                assertSame(tail, TestModels.all(session, rest), "after a fork");
            }
        }
    }

    private static void interleaved(Model model, SessionOptions options, int[] ids, float[][] whole) {
        int[] reversed = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            reversed[i] = ids[ids.length - 1 - i];
        }
        try (Session one = model.newSession(options);
                Session two = model.newSession(options)) {
            float[][] first = new float[ids.length][];
            for (int from = 0; from < ids.length; from += 10) {
                int to = Math.min(ids.length, from + 10);
                float[][] part = TestModels.all(one, Arrays.copyOfRange(ids, from, to));
                System.arraycopy(part, 0, first, from, part.length);
                TestModels.all(two, Arrays.copyOfRange(reversed, from, to));
            }
            assertSame(whole, first, "beside another session");
        }
    }

    private static float[][] inPieces(Session session, int[] ids, int piece) {
        float[][] rows = new float[ids.length][];
        for (int from = 0; from < ids.length; from += piece) {
            float[][] part = TestModels.all(session, Arrays.copyOfRange(ids, from, Math.min(ids.length, from + piece)));
            System.arraycopy(part, 0, rows, from, part.length);
        }
        return rows;
    }

    private static void assertSame(float[][] expected, float[][] actual, String how) {
        assertThat(TestModels.nmse(
                        TestModels.concat(Arrays.asList(expected)), TestModels.concat(Arrays.asList(actual))))
                .as(how)
                .isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void theLastLogitsAreThoseOfAll() {
        try (Model model = Model.load(TestModels.synthetic("qwen35", TensorType.F32), new LoadOptions(2, 16));
                Session session = model.newSession();
                Session other = model.newSession()) {
            int[] ids = TestModels.tokens(40, model.vocabularySize());
            float[][] all = TestModels.all(session, ids);
            assertThat(TestModels.nmse(all[39], other.forward(ids))).isLessThanOrEqualTo(LIMIT);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Model model = Model.load(TestModels.synthetic("qwen35", TensorType.F32), LoadOptions.defaults())) {
            assertThatThrownBy(() -> model.newSession(SessionOptions.ofContext(5000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("5000", "4096");
            assertThatThrownBy(() -> SessionOptions.ofContext(10).withKvType(TensorType.Q8_0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("Q8_0", "F16", "F32");
            try (Session session = model.newSession(SessionOptions.ofContext(10))) {
                assertThatThrownBy(() -> session.forward(new int[11]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll("11", "10");
                assertThatThrownBy(() -> session.forward(1, 320))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll("320", "index 1");
                assertThatThrownBy(session::forward).isInstanceOf(IllegalArgumentException.class);
                assertThat(session.position()).isZero();
                session.forward(1, 2);
                assertThat(session.tokens()).containsExactly(1, 2);
            }
        }
    }

    @Test
    void useAfterCloseIsAnException() {
        Model model = Model.load(TestModels.synthetic("qwen35", TensorType.F32), LoadOptions.defaults());
        Session closed = model.newSession();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.forward(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("session is closed");
        Session open = model.newSession();
        model.close();
        assertThatThrownBy(() -> open.forward(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("model is closed");
        assertThatThrownBy(model::newSession)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("model is closed");
        open.close();
    }

    @Test
    void generatesUntilTheLimitAndCanBeCancelled() {
        try (Model model = Model.load(TestModels.synthetic("qwen35", TensorType.F32), LoadOptions.defaults());
                Session session = model.newSession(SessionOptions.ofContext(20))) {
            GenerateOptions greedy =
                    GenerateOptions.builder().temperature(0).maxTokens(5).build();
            GenerateResult result = session.generate(Prompt.tokens(List.of(1, 2, 3)), greedy);
            assertThat(result.tokens()).hasSize(5);
            assertThat(result.finish()).isEqualTo(FinishReason.LENGTH);
            assertThat(result.usage()).isEqualTo(new Usage(3, 0, 5));
            assertThat(session.position()).isEqualTo(7);
            session.reset();
            GenerateOptions endless = GenerateOptions.builder().temperature(0).build();
            assertThat(session.generate(Prompt.tokens(List.of(1, 2, 3)), endless)
                            .tokens())
                    .as("until the context is full: the last token needs no room")
                    .hasSize(18)
                    .startsWith(result.tokens().toArray(Integer[]::new));
            session.reset();
            Cancellation cancellation = new Cancellation();
            cancellation.cancel();
            GenerateResult cancelled = session.generate(
                    Prompt.tokens(List.of(1, 2, 3)),
                    GenerateOptions.builder().cancellation(cancellation).build());
            assertThat(cancelled.finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(session.position()).as("cancelled inside the prompt").isZero();
        }
    }

    @Test
    void sessionsOfOneModelMayRunAtOnceAndOneSessionMayNot() throws Exception {
        try (Model model = Model.load(TestModels.synthetic("qwen35moe", TensorType.F32), new LoadOptions(2, 8));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int[] ids = TestModels.tokens(40, model.vocabularySize());
            float[] expected;
            try (Session session = model.newSession()) {
                expected = session.forward(ids);
            }
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                results.add(threads.submit(() -> {
                    try (Session session = model.newSession()) {
                        return session.forward(ids);
                    }
                }));
            }
            for (Future<float[]> result : results) {
                assertThat(TestModels.nmse(expected, result.get())).isLessThanOrEqualTo(LIMIT);
            }
            refusesASecondThread(model, threads, ids);
        }
    }

    private static void refusesASecondThread(Model model, ExecutorService threads, int[] ids)
            throws InterruptedException, ExecutionException {
        try (Session session = model.newSession()) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Future<?> first = threads.submit(() -> session.forward(ids, (position, logits) -> {
                inside.countDown();
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            inside.await();
            assertThatThrownBy(() -> session.forward(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
            leave.countDown();
            first.get();
        }
    }
}
