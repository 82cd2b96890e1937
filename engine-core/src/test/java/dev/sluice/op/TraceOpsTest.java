package dev.sluice.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.SyntheticModel;
import dev.sluice.arch.Architectures;
import dev.sluice.arch.Decoder;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the families ask of a backend, call by call. The listings are written by scripts/golden/traces. */
class TraceOpsTest {
    private static Gguf tiny(String architecture) {
        return Gguf.of(
                MemorySegment.ofArray(SyntheticModel.of(architecture).writer().toBytes()));
    }

    private static String golden(String architecture) throws IOException {
        try (InputStream in = TraceOpsTest.class.getResourceAsStream("trace-" + architecture + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void callsAreAsListed(String architecture) throws IOException {
        assertThat(TraceOps.ofOneRow(tiny(architecture), 0, TensorType.F16).listing())
                .isEqualTo(golden(architecture));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void callsDependOnNeitherPositionNorRows(String architecture) {
        TraceOps ops = new TraceOps();
        Decoder decoder = Architectures.bind(tiny(architecture), ops);
        TraceOps.run(ops, decoder, 0, 1, TensorType.F16);
        String first = ops.listing();
        for (int[] step : new int[][] {{1, 1}, {1000, 1}, {0, 7}, {300, 7}}) {
            TraceOps.run(ops, decoder, step[0], step[1], TensorType.F16);
            assertThat(ops.listing())
                    .as("%d rows after %d", step[1], step[0])
                    .isEqualTo(first)
                    .isNotEmpty();
        }
    }

    @Test
    void countsADenseRow() {
        SyntheticModel model = SyntheticModel.of("qwen35");
        TraceOps ops = TraceOps.ofOneRow(tiny("qwen35"), 99, TensorType.F16);
        long matrices = 0;
        long all = 0;
        for (var tensor : model.tensors().entrySet()) {
            long elements = 1;
            for (long n : tensor.getValue()) {
                elements *= n;
            }
            all += elements;
            if (tensor.getValue().length == 2
                    && tensor.getKey().startsWith("blk.")
                    && !tensor.getKey().contains("conv1d")) {
                matrices += elements;
            }
        }
        int layers = model.get("n_layer");
        int recurrent = layers * 3 / 4;
        long heads = (long) model.get("lv") * model.get("ld") * model.get("ld");
        long inputs = 3L * (2 * model.get("lk") + model.get("lv")) * model.get("ld");
        assertThat(ops.flop()).isEqualTo(2 * matrices);
        assertThat(ops.weightBytes()).isEqualTo(4 * (all + model.get("n_embd"))); // tied: the row, and all for the head
        assertThat(ops.stateBytes()).isEqualTo(recurrent * 2 * 4 * (heads + inputs));
        assertThat(ops.kvBytes()).isEqualTo(101L * 2 * 2 * model.get("n_kv") * model.get("head"));
    }

    @Test
    void refusesWhatABackendCouldNotDo() {
        TraceOps ops = new TraceOps();
        Step step = new Step(1);
        Norm norm = new Norm(new Vec("norm", new float[4]), 0);
        Buf x = ops.buf("x", 8);
        Buf y = ops.buf("y", 8);
        assertThatThrownBy(() -> ops.run(() -> ops.rmsNorm(norm, x, y), step))
                .hasMessageContaining("x[8] is read, but column 0 holds nothing");
        Weight table = new Weight() {
            @Override
            public String name() {
                return "table";
            }

            @Override
            public int rows() {
                return 10;
            }

            @Override
            public int columns() {
                return 8;
            }

            @Override
            public int slices() {
                return 1;
            }

            @Override
            public long sliceBytes() {
                return 320;
            }
        };
        assertThatThrownBy(() -> ops.run(
                        () -> {
                            ops.embed(table, x);
                            ops.siluMul(x.slice(0, 4), x.slice(4, 4), x.slice(2, 4));
                        },
                        step))
                .hasMessageContaining("x[2..6] overlaps x[0..4]");
        assertThatThrownBy(() -> ops.run(
                        () -> {
                            ops.embed(table, x);
                            ops.rmsNorm(norm, x, y);
                            ops.add(y, x);
                            ops.add(y, x); // y died with the block
                        },
                        step))
                .hasMessageContaining("y[8] is read");
        assertThatThrownBy(() -> ops.run(() -> ops.embed(table, x.slice(0, 4)), step))
                .hasMessageContaining("expected width 8");
    }
}
