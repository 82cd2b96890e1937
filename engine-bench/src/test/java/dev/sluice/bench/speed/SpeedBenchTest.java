package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.SessionOptions;
import dev.sluice.SyntheticModel;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measuring itself, on a model so small that a run takes no time. */
class SpeedBenchTest {
    private static final MemorySegment FILE = MemorySegment.ofArray(
            SyntheticModel.of("qwen35").set("ctx", 64).writer().toBytes());

    @TempDir
    private Path directory;

    private final List<String> shown = new ArrayList<>();

    private List<Measurement> run(int repetitions, Optional<Peer> peer, Combination... combinations)
            throws IOException {
        try (Model model = Model.load(FILE, LoadOptions.defaults().withThreads(1))) {
            SpeedOptions options =
                    new SpeedOptions(List.of(combinations), repetitions, Duration.ofMillis(50), TensorType.F16);
            return new SpeedBench(model, options, peer, shown::add).run();
        }
    }

    /** A context of this size is one block of keys and values, whole from the first token on. */
    private static long sessionBytes() {
        try (Model model = Model.load(FILE)) {
            return model.memory(SessionOptions.ofContext(64)).session();
        }
    }

    private static Combination combination(int p, int n, int depth) {
        return new Combination(p, n, depth < 0 ? OptionalInt.empty() : OptionalInt.of(depth));
    }

    @Test
    void everyCombinationGetsItsSamples() throws IOException {
        Combination[] all = {
            combination(5, 2, -1), combination(0, 3, 0), combination(4, 0, 8), combination(4, 2, 8),
        };
        List<Measurement> measurements = run(3, Optional.empty(), all);
        assertThat(measurements).extracting(Measurement::combination).containsExactly(all);
        for (Measurement m : measurements) {
            assertThat(m.own().prefill().values())
                    .hasSize(m.combination().prompt() == 0 ? 0 : 3)
                    .allMatch(rate -> rate > 0 && Double.isFinite(rate));
            assertThat(m.own().decode().values())
                    .hasSize(m.combination().generated() == 0 ? 0 : 3)
                    .allMatch(rate -> rate > 0 && Double.isFinite(rate));
            assertThat(m.peer()).isEmpty();
            assertThat(m.stateBytes()).isEqualTo(sessionBytes());
        }
        // One depth was filled, once.
        assertThat(shown)
                .filteredOn(text -> text.startsWith("reading 8 tokens"))
                .hasSize(1);
    }

    @Test
    void takesTurnsWithThePeer() throws IOException {
        Path turns = directory.resolve("turns");
        Peer peer = new Peer(
                "echo run >> " + turns + "; echo '{\"prefill_tps\": '$(wc -l < " + turns + ")', \"decode_tps\": 2}'",
                Path.of("model"),
                1);
        Measurement m = run(3, Optional.of(peer), combination(5, 2, -1)).getFirst();
        assertThat(Files.readAllLines(turns)).hasSize(3); // none while warming up
        assertThat(m.peer().orElseThrow().prefill().values()).containsExactly(1.0, 2.0, 3.0);
        assertThat(m.peer().orElseThrow().decode().values()).containsExactly(2.0, 2.0, 2.0);
        assertThat(m.own().prefill().values()).hasSize(3);
        assertThat(shown)
                .filteredOn(text -> text.contains(": run "))
                .containsExactly(
                        "p 5, n 2, d after the prompt: run 1 of 3",
                        "p 5, n 2, d after the prompt: run 1 of 3, the other program",
                        "p 5, n 2, d after the prompt: run 2 of 3",
                        "p 5, n 2, d after the prompt: run 2 of 3, the other program",
                        "p 5, n 2, d after the prompt: run 3 of 3",
                        "p 5, n 2, d after the prompt: run 3 of 3, the other program");
    }

    @Test
    void theContextMustHoldTheLongest() throws IOException {
        assertThat(run(1, Optional.empty(), combination(32, 16, 16))).hasSize(1);
        assertThatThrownBy(() -> run(1, Optional.empty(), combination(4, 1, -1), combination(32, 16, 17)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65 tokens");
        assertThat(shown).noneMatch(text -> text.startsWith("p 4,")); // told before anything was measured
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> combination(0, 0, 5)).hasMessageContaining("nothing to measure");
        assertThatThrownBy(() -> combination(-1, 5, 5)).hasMessageContaining("-1");
        assertThatThrownBy(() -> run(0, Optional.empty(), combination(1, 1, 0))).hasMessageContaining("repetitions: 0");
    }
}
