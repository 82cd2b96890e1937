package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same tokens give the same bits: however they were cut into steps, on any number of threads, with weights repacked or
 * not, at every vector width, interpreted or compiled.
 */
class DeterminismTest {
    @Test
    void whileTheJvmCompiles() {
        MemorySegment file = TestModels.synthetic("qwen35", TensorType.F32);
        float[][] first = TestModels.logits(file, 40, TensorType.F32);
        for (int i = 0; i < 30; i++) {
            assertThat(TestModels.logits(file, 40, TensorType.F32)).isDeepEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "qwen35, F32, F16",
        "qwen35, Q8_0, F32",
        "qwen35moe, F32, F32",
        "qwen35moe, Q8_0, F16",
        "qwen3next, F32, F16",
        "qwen3next, Q8_0, F32"
    })
    void whateverTheStepsAndThreads(String architecture, TensorType type, TensorType kvType) {
        MemorySegment file = TestModels.synthetic(architecture, type);
        float[][] expected = TestModels.logits(file, 150, kvType);
        for (Repack repack : List.of(Repack.ON, Repack.OFF)) {
            for (int threads = 1; threads <= 3; threads++) {
                LoadOptions options =
                        LoadOptions.defaults().withThreads(threads).withRepack(repack);
                checkPieces(file, options, kvType, expected, 1, 7, 64, 150);
            }
        }
    }

    /** A prompt of several blocks of keys, read in one step, in steps of a few rows, and row by row. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen3next"})
    void overManyBlocksOfKeys(String architecture) {
        MemorySegment file = TestModels.synthetic(architecture, TensorType.F32);
        float[][] expected = TestModels.logits(file, 700, TensorType.F16);
        for (int threads = 1; threads <= 3; threads++) {
            LoadOptions options = LoadOptions.defaults().withThreads(threads).withMaxRows(700);
            checkPieces(file, options, TensorType.F16, expected, 1, 3, 300, 700);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"BF16", "Q4_K", "NVFP4"})
    void withWeightsOfType(TensorType type) {
        MemorySegment file = TestModels.synthetic("qwen35", type);
        float[][] expected = TestModels.logits(file, 20, TensorType.F16);
        for (int threads = 1; threads <= 3; threads++) {
            checkPieces(file, LoadOptions.defaults().withThreads(threads), TensorType.F16, expected, 1, 7);
        }
    }

    private static void checkPieces(
            MemorySegment file, LoadOptions options, TensorType kvType, float[][] expected, int... pieces) {
        int count = expected.length;
        int[] ids = TestModels.tokens(count, expected[0].length);
        try (Model model = Model.load(file, options);
                Session session =
                        model.newSession(SessionOptions.ofContext(count).withKvType(kvType))) {
            for (int piece : pieces) {
                session.reset();
                for (int at = 0; at < count; at += piece) {
                    int to = Math.min(count, at + piece);
                    assertThat(Arrays.deepEquals(
                                    TestModels.all(session, Arrays.copyOfRange(ids, at, to)),
                                    Arrays.copyOfRange(expected, at, to)))
                            .as("%s, pieces of %d, rows from %d", options, piece, at)
                            .isTrue();
                }
            }
        }
    }

    /** Interpreted, with simple and with optimizing compilation, with vectors of 128, 256 and as many bits as there are. */
    @Test
    void inOtherJvms() throws IOException {
        Process widest = start(LogitsDigest.ALL, 1, "-XX:+TieredCompilation");
        Map<String, Process> others = new LinkedHashMap<>();
        for (String width : List.of("-XX:MaxVectorSize=32", "-XX:MaxVectorSize=16")) {
            others.put(width, start(LogitsDigest.ALL, 2, width));
        }
        others.put("simple compilation", start(LogitsDigest.ALL, 1, "-XX:TieredStopAtLevel=1"));
        others.put("interpreted", start(1, 1, "-Xint"));
        List<String> expected = lines(widest);
        assertThat(expected).hasSize(LogitsDigest.ALL);
        for (Map.Entry<String, Process> other : others.entrySet()) {
            List<String> lines = lines(other.getValue());
            assertThat(lines).as(other.getKey()).isNotEmpty();
            assertThat(lines).as(other.getKey()).isEqualTo(expected.subList(0, lines.size()));
        }
    }

    private static Process start(int cases, int repetitions, String flag) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                flag,
                "-cp",
                System.getProperty("java.class.path"),
                LogitsDigest.class.getName(),
                String.valueOf(cases),
                String.valueOf(repetitions));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
