package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufMetadata;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticModelTest {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @TempDir
    private Path directory;

    private static Gguf read(SyntheticModel model) {
        return Gguf.of(MemorySegment.ofArray(model.writer().toBytes()));
    }

    /** Computed by another program, in Python, from the formulas of SyntheticWeights. */
    @Test
    void weightsAreReproducible() {
        SyntheticModel model = SyntheticModel.of("qwen35");
        float[] embedding = model.weights("token_embd.weight");
        assertThat(new float[] {embedding[0], embedding[1], embedding[2], embedding[40959]})
                .containsExactly(
                        -0.05213986337184906f, 0.03517572209239006f, -0.09972917288541794f, -0.093720942735672f);
        float[] norm = model.weights("output_norm.weight");
        assertThat(new float[] {norm[0], norm[127]}).containsExactly(0.9751594066619873f, 0.793674111366272f);
        assertThat(model.weights("blk.0.ssm_a"))
                .containsExactly(
                        -0.30981361865997314f, -0.36513450741767883f, -0.6977647542953491f, -0.07009116560220718f);
    }

    @Test
    void weightsAreSpreadAsSaid() {
        SyntheticModel model = SyntheticModel.of("qwen35").seed(3);
        assertSpread(model.weights("blk.0.ffn_up.weight"), 0, 1 / Math.sqrt(128));
        assertSpread(model.weights("blk.0.ffn_down.weight"), 0, 1 / Math.sqrt(256));
        assertSpread(model.weights("blk.0.ssm_conv1d.weight"), 0, 0.5);
        assertThat(model.weights("blk.0.ffn_up.weight"))
                .isNotEqualTo(model.weights("blk.1.ffn_up.weight"))
                .isNotEqualTo(SyntheticModel.of("qwen35").seed(4).weights("blk.0.ffn_up.weight"));
        for (float x : model.weights("blk.0.ssm_a")) {
            assertThat(x).isBetween((float) -Math.E, (float) -Math.exp(-3));
        }
    }

    private static void assertSpread(float[] weights, double mean, double deviation) {
        double sum = 0;
        double squares = 0;
        for (float x : weights) {
            sum += x;
            squares += (double) x * x;
        }
        double n = weights.length;
        assertThat(sum / n).isBetween(mean - 0.1 * deviation, mean + 0.1 * deviation);
        assertThat(Math.sqrt(squares / n)).isBetween(0.9 * deviation, 1.1 * deviation);
    }

    @ParameterizedTest
    @CsvSource({
        "qwen35, tiny, 55, 320 128 0 4",
        "qwen35, r1, 55, 320 128 0 4",
        "qwen35, r3, 55, 320 128 0 6",
        "qwen35, r4, 55, 320 128 0 8",
        "qwen35, k256, 55, 320 512 0 8",
        "qwen35moe, moe-tiny, 75, 320 128 8 4",
        "qwen3next, moe-tiny, 72, 320 128 8 4",
        "qwen3next, tiny, 52, 320 128 0 4"
    })
    void shapes(String architecture, String shape, int tensors, String sizes) {
        List<Integer> expected =
                Arrays.stream(sizes.split(" ")).map(Integer::valueOf).toList();
        Gguf gguf = read(SyntheticModel.of(architecture).shape(shape));
        GgufMetadata metadata = gguf.metadata();
        assertThat(gguf.tensors()).hasSize(tensors);
        assertThat(metadata.getString("general.architecture")).isEqualTo(architecture);
        assertThat(metadata.getInt(architecture + ".block_count")).isEqualTo(4);
        assertThat(metadata.getInt(architecture + ".vocab_size")).isEqualTo(expected.get(0));
        assertThat(metadata.getInt(architecture + ".embedding_length")).isEqualTo(expected.get(1));
        assertThat(metadata.findInt(architecture + ".expert_count").orElse(0)).isEqualTo(expected.get(2));
        assertThat(metadata.getInt(architecture + ".ssm.time_step_rank")).isEqualTo(expected.get(3));
        assertThat(metadata.has("qwen3next.rope.dimension_sections")).isFalse();
        assertThat(gguf.tensor("token_embd.weight").shape()).containsExactly(expected.get(1), expected.get(0));
        assertThat(gguf.tensor("blk.0.ssm_a").shape()).containsExactly(expected.get(3));
        assertThat(gguf.find("output.weight")).isEmpty();
        assertThat(gguf.find("blk.0.ssm_ba.weight").isPresent()).isEqualTo(architecture.equals("qwen3next"));
    }

    /** The number of weights of the released 0.8B model without its vision part and MTP block. */
    @Test
    void smallestReleasedModel() {
        Map<String, long[]> tensors = SyntheticModel.of("qwen35").shape("0.8b").tensors();
        long elements = tensors.values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
        assertThat(elements).isEqualTo(752_393_024L);
    }

    @Test
    void options() throws IOException {
        Path path = directory.resolve("m.gguf");
        SyntheticModel.main(new String[] {
            "qwen35", "tiny", path.toString(), "--untied", "--mtp", "--seed", "9", "--type", "F16", "--set", "n_layer=8"
        });
        SyntheticModel same = SyntheticModel.of("qwen35")
                .set("n_layer", 8)
                .seed(9)
                .untied()
                .mtp()
                .type(TensorType.F16);
        try (Gguf gguf = Gguf.open(path)) {
            assertThat(gguf.metadata().getInt("qwen35.block_count")).isEqualTo(9);
            assertThat(gguf.metadata().getInt("qwen35.nextn_predict_layers")).isEqualTo(1);
            assertThat(gguf.tensors())
                    .extracting(Tensor::name)
                    .containsExactlyElementsOf(same.tensors().keySet());
            assertThat(gguf.tensor("blk.8.nextn.eh_proj.weight").shape()).containsExactly(256, 128);
            Tensor output = gguf.tensor("output.weight");
            float[] weights = same.weights("output.weight");
            assertThat(output.type()).isEqualTo(TensorType.F16);
            assertThat(output.data().get(SHORT, 2 * 777)).isEqualTo(Float.floatToFloat16(weights[777]));
            assertThat(gguf.tensor("blk.8.attn_norm.weight").type()).isEqualTo(TensorType.F32);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F32", "F16", "BF16", "Q8_0"})
    void types(TensorType type) {
        SyntheticModel model = SyntheticModel.of("qwen35moe").type(type);
        Tensor tensor = read(model).tensor("blk.0.ffn_up_exps.weight");
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.shape()).containsExactly(128, 64, 8);
        float[] weights = model.weights(tensor.name());
        for (int i = 0; i < weights.length; i++) {
            float read = decode(tensor, i);
            double tolerance =
                    switch (type) {
                        case F32 -> 0;
                        case F16 -> 1e-3 * Math.abs(weights[i]) + 1e-7;
                        case BF16 -> 4e-3 * Math.abs(weights[i]);
                        default -> 0.5 * 0.35 / 127 * 1.1;
                    };
            assertThat((double) Math.abs(read - weights[i])).isLessThanOrEqualTo(tolerance);
        }
    }

    private static float decode(Tensor tensor, int i) {
        MemorySegment data = tensor.data();
        return switch (tensor.type()) {
            case F32 -> data.get(FLOAT, 4L * i);
            case F16 -> Float.float16ToFloat(data.get(SHORT, 2L * i));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2L * i) << 16);
            default ->
                Float.float16ToFloat(data.get(SHORT, i / 32 * 34L))
                        * data.get(ValueLayout.JAVA_BYTE, i / 32 * 34L + 2 + i % 32);
        };
    }

    @Test
    void otherTypesTakeAnEncoder() {
        SyntheticModel model = SyntheticModel.of("qwen35").type(TensorType.Q4_K, (type, row) -> {
            byte[] blocks = new byte[(int) type.bytes(row.length)];
            blocks[0] = (byte) row.length;
            return blocks;
        });
        Gguf gguf = read(model);
        assertThat(gguf.tensor("blk.0.ffn_down.weight").type()).isEqualTo(TensorType.Q4_K);
        assertThat(gguf.tensor("blk.0.ffn_up.weight").type())
                .as("rows of 128 do not fit blocks of 256")
                .isEqualTo(TensorType.F32);
        assertThatThrownBy(() -> read(SyntheticModel.of("qwen35").type(TensorType.Q4_0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Q4_0", "encoder");
    }

    @Test
    void mistakesAreRefused() {
        assertThatThrownBy(() -> SyntheticModel.of("llama")).hasMessageContainingAll("llama", "qwen35moe");
        assertThatThrownBy(() -> SyntheticModel.of("qwen35").shape("huge")).hasMessageContainingAll("huge", "k256");
        assertThatThrownBy(() -> SyntheticModel.of("qwen35").set("layers", 2))
                .hasMessageContainingAll("layers", "n_layer");
        assertThatThrownBy(() -> SyntheticModel.of("qwen35moe").shape("tiny").writer())
                .hasMessageContainingAll("qwen35moe", "experts");
        assertThatThrownBy(() -> SyntheticModel.of("qwen35").shape("moe-tiny").writer())
                .hasMessageContainingAll("qwen35", "no experts");
    }
}
