package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** F32 models of every family against the float64 reference and llama.cpp; goldens by scripts/golden/logits.py. */
class GoldenLogitsTest {
    private static final double REFERENCE_LIMIT = 1e-10;
    /** llama.cpp's F16 KV cache alone costs about 1e-8. */
    private static final double LLAMA_LIMIT = 1e-7;

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = GoldenLogitsTest.class.getResourceAsStream("logits/cases.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithBothReferences(JsonNode test) throws IOException {
        String name = test.get("name").asText();
        List<String> options = new ArrayList<>();
        test.get("options").forEach(option -> options.add(option.asText()));
        byte[] file = SyntheticModel.of(test.get("arch").asText())
                .shape(test.get("shape").asText())
                .options(options.toArray(String[]::new))
                .writer()
                .toBytes();
        float[][] logits = TestModels.logits(
                MemorySegment.ofArray(file), test.get("tokens").asInt(), TensorType.F32);
        float[] ours = TestModels.concat(
                goldenRows(logits.length).stream().map(row -> logits[row]).toList());
        assertThat(TestModels.nmse(golden(name + ".reference.f32"), ours))
                .as("%s against the float64 reference", name)
                .isLessThanOrEqualTo(test.path("reference").asDouble(REFERENCE_LIMIT));
        assertThat(TestModels.nmse(golden(name + ".llama.f32"), ours))
                .as("%s against llama.cpp", name)
                .isLessThanOrEqualTo(test.path("llama").asDouble(LLAMA_LIMIT));
    }

    /** The same rows as golden_rows() of the script. */
    private static TreeSet<Integer> goldenRows(int count) {
        TreeSet<Integer> rows =
                new TreeSet<>(List.of(0, 1, 2, 3, 15, 16, 31, 63, 64, 127, 128, 254, 255, 256, 257, count - 1));
        rows.removeIf(row -> row >= count);
        return rows;
    }

    private static float[] golden(String file) throws IOException {
        try (InputStream in = GoldenLogitsTest.class.getResourceAsStream("logits/" + file)) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[bytes.remaining() / 4];
            bytes.asFloatBuffer().get(values);
            return values;
        }
    }
}
