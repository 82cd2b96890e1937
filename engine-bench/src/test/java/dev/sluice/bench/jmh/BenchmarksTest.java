package dev.sluice.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.speed.MachineLimits;
import dev.sluice.cpu.format.Formats;
import dev.sluice.gguf.TensorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes around the measurements; those are for scripts/benchmarks. */
class BenchmarksTest {
    private static final MachineLimits LIMITS = new MachineLimits(20e9, 200e9);
    private static final List<Result> RESULTS = List.of(
            new Result("matmul", "9B", "Q8_0", 1, 0.01, Optional.empty()),
            new Result("matmul", "9B", "Q8_0", 256, 0.25, Optional.of(0.05)),
            new Result("attend", "9B", "", 1, 0.005, Optional.of(0.2)),
            new Result("rmsNorm", "0.8B", "", 1, 1e-6, Optional.of(0.1)));

    private static final Report REPORT =
            new Report("2026-01-31", Map.of("cpu", "A & B <CPU>", "jvm", "VM"), 2, 5, LIMITS, RESULTS);

    @Test
    void sharesOfWhatBinds() {
        Result one = RESULTS.get(0);
        double bytes = 4096L * 12288 / 32 * 34 + 4.0 * (4096 + 12288);
        assertThat(one.boundByMemory(LIMITS)).isTrue();
        assertThat(one.share(LIMITS)).isEqualTo(bytes / 0.01 / 20e9);
        Result many = RESULTS.get(1);
        assertThat(many.boundByMemory(LIMITS)).isFalse();
        assertThat(many.share(LIMITS)).isEqualTo(2.0 * 256 * 4096 * 12288 / 0.25 / 200e9);
    }

    @Test
    void table() {
        assertThat(ResultTable.of(REPORT).lines())
                .contains(
                        "2 threads, 5 forks of each, 2026-01-31. Limits: memory read 20.0 GB/s, F32 multiply-add 200 GFLOP/s.")
                .contains("| `matmul` | Q8_0 |  |  | 5.4 GB/s (27 %) | 103 GFLOP/s (52 %) |  |  |")
                .anyMatch(line -> line.startsWith("| `rmsNorm` |  | 12 GB/s (61 %) |"));
    }

    @Test
    void fileKeepsAll(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("kernels.json");
        REPORT.write(file);
        assertThat(Report.read(file)).isEqualTo(REPORT);
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> Report.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 1");
    }

    @Test
    void rooflineIsSvg() throws Exception {
        String svg = Roofline.of(REPORT);
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getDocumentElement().getTextContent())
                .contains("A & B <CPU>", "9B", "0.8B", "attend", "rmsNorm", "Q8_0");
        assertThat(svg).doesNotContain("NaN", "Infinity");
    }

    /** Scales of every type that the table has are neither infinite nor such that products overflow or vanish. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q5_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "MXFP4"})
    void randomWeightsAreTame(TensorType type) {
        byte[] row = RandomWeights.row(type, 1024, new Random(1));
        float[] values = new float[1024];
        Formats.of(type).decodeRow(MemorySegment.ofArray(row), 0, values, 0, values.length);
        double squares = 0;
        for (float value : values) {
            assertThat(value).isFinite();
            assertThat(value == 0 || Math.abs(value) >= Float.MIN_NORMAL).isTrue();
            squares += (double) value * value;
        }
        assertThat(Math.sqrt(squares / values.length)).isBetween(1e-3, 1e5);
    }

    /** Each verb is called once. */
    @Test
    void verbsRun() {
        RowBenchmark row = new RowBenchmark();
        row.shape = "0.8B";
        row.rows = 2;
        row.bind();
        row.rmsNorm();
        row.siluMul();
        row.close();
        DeltaBenchmark delta = new DeltaBenchmark();
        delta.shape = "0.8B";
        delta.rows = 2;
        delta.bind();
        delta.gatedDeltaNet();
        delta.close();
        AttentionBenchmark attention = new AttentionBenchmark();
        attention.shape = "0.8B";
        attention.rows = 1;
        attention.depth = 256;
        attention.bind();
        attention.attend();
        attention.close();
        ProductBenchmark product = new ProductBenchmark();
        product.shape = "0.8B";
        product.type = "Q4_0";
        product.rows = 4;
        product.bind();
        product.matmul();
        product.close();
    }
}
