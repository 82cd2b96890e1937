package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Model;
import dev.sluice.SyntheticModel;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.TensorType;
import dev.sluice.op.TraceOps;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tensors of a file say of its cost, against what the model asks of a backend. */
class ModelCostTest {
    static Stream<SyntheticModel> models() {
        return Stream.of(
                SyntheticModel.of("qwen35"),
                SyntheticModel.of("qwen35").type(TensorType.Q8_0).untied().mtp(),
                SyntheticModel.of("qwen35").shape("r3").type(TensorType.F16),
                SyntheticModel.of("qwen35moe"),
                SyntheticModel.of("qwen35moe").type(TensorType.Q8_0).untied().mtp(),
                SyntheticModel.of("qwen3next").type(TensorType.BF16),
                SyntheticModel.of("qwen3next").set("experts", 5).set("used", 3).untied());
    }

    @ParameterizedTest
    @MethodSource("models")
    void isWhatTheTraceCounts(SyntheticModel synthetic) {
        MemorySegment bytes = MemorySegment.ofArray(synthetic.writer().toBytes());
        for (TensorType kv : List.of(TensorType.F16, TensorType.F32)) {
            try (Model model = Model.load(bytes);
                    Gguf file = Gguf.of(bytes)) {
                ModelCost cost = ModelCost.of(model, kv);
                TraceOps trace = TraceOps.ofOneRow(file, 100, kv);
                assertThat(cost.flop()).isEqualTo(trace.flop());
                assertThat(cost.weightBytes()).isEqualTo(trace.weightBytes());
                assertThat(cost.stateBytes()).isEqualTo(trace.stateBytes());
                assertThat(cost.decodeBytes(100, 1))
                        .isEqualTo(trace.weightBytes() + trace.stateBytes() + trace.kvBytes());
            }
        }
    }

    @Test
    void meanOverTheTokensDecoded() {
        ModelCost cost = new ModelCost(0, 1000, 100, 10);
        double each = (cost.decodeBytes(7, 1) + cost.decodeBytes(8, 1) + cost.decodeBytes(9, 1)) / 3;
        assertThat(cost.decodeBytes(7, 3)).isEqualTo(each);
    }
}
