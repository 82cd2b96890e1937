package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.gguf.TensorType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The forms of a report, from figures that are easy to follow. */
class ReportFormatTest {
    private static final Combination AFTER_PROMPT = new Combination(100, 3, OptionalInt.empty());
    private static final Combination DEEP = new Combination(0, 3, OptionalInt.of(4096));

    private static final Measurement BOTH = new Measurement(
            AFTER_PROMPT,
            new Measurement.Pair(Samples.of(90, 100, 110), Samples.of(10, 10, 13)),
            true,
            300,
            Optional.empty());
    private static final Measurement DECODE_ONLY = new Measurement(
            DEEP,
            new Measurement.Pair(new Samples(List.of()), Samples.of(8, 8, 8.123456789)),
            false,
            400,
            Optional.empty());

    private static SpeedReport report(Measurement... measurements) {
        return report(Optional.empty(), Optional.empty(), OptionalLong.of(70_000), measurements);
    }

    private static SpeedReport report(
            Optional<SpeedReport.Limits> limits,
            Optional<String> peer,
            OptionalLong resident,
            Measurement... measurements) {
        List<Measurement> all = List.of(measurements);
        return new SpeedReport(
                new ModelFile("a, \"b\".gguf", "qwen35", 2048, 1000, "Q8_0 99.0 %, F32 1.0 %", Optional.of("abc")),
                new ModelCost(1_000_000_000, 500, 98, 4),
                new Machine("Some CPU", 512, "Some VM 25", 1L << 30),
                2,
                new SpeedOptions(
                        all.stream().map(Measurement::combination).toList(), 3, Duration.ofSeconds(60), TensorType.F16),
                all,
                limits,
                peer,
                resident);
    }

    @Test
    void jsonOfOneCombinationIsAnObject() throws Exception {
        JsonNode json = new ObjectMapper().readTree(ReportFormat.JSON.write(report(BOTH)));
        assertThat(json.fieldNames()).toIterable().startsWith("prefill_tps", "decode_tps");
        assertThat(json.get("prefill_tps").doubleValue()).isEqualTo(100);
        assertThat(json.get("prefill_stddev").doubleValue()).isEqualTo(10);
        assertThat(json.get("prefill_samples").toString()).isEqualTo("[90.0,100.0,110.0]");
        assertThat(json.get("decode_tps").doubleValue()).isEqualTo(11);
        assertThat(json.get("decode_median_tps").doubleValue()).isEqualTo(10);
        assertThat(json.get("settled").booleanValue()).isTrue();
        assertThat(json.get("prefill_depth").intValue()).isZero();
        assertThat(json.get("decode_depth").intValue()).isEqualTo(100);
        assertThat(json.get("file_sha256").textValue()).isEqualTo("abc");
        assertThat(json.get("cpu").textValue()).isEqualTo("Some CPU");
        assertThat(json.get("threads").intValue()).isEqualTo(2);
        // 500 + 98, and 4 for each of the 100 rows before, 1 to 3 that are read along with it, and the one written
        assertThat(json.get("decode_bytes_per_token").longValue()).isEqualTo(598 + 4 * (102 + 1));
        assertThat(json.get("resident_bytes").longValue()).isEqualTo(70_000);
        assertThat(json.get("state_bytes").longValue()).isEqualTo(300);
        assertThat(json.has("fma_gflops")).isFalse();
        assertThat(json.has("against")).isFalse();
    }

    @Test
    void jsonOfSeveralIsAnArray() throws Exception {
        JsonNode json = new ObjectMapper().readTree(ReportFormat.JSON.write(report(BOTH, DECODE_ONLY)));
        assertThat(json.isArray()).isTrue();
        assertThat(json).hasSize(2);
        assertThat(json.get(1).get("prefill_tps").isNull()).isTrue();
        assertThat(json.get(1).get("decode_depth").intValue()).isEqualTo(4096);
        assertThat(json.get(1).get("settled").booleanValue()).isFalse();
        assertThat(json.get(1).get("decode_samples").toString()).isEqualTo("[8.0,8.0,8.1235]");
    }

    @Test
    void jsonlHasALineForEach() throws Exception {
        List<String> lines =
                ReportFormat.JSONL.write(report(BOTH, DECODE_ONLY)).lines().toList();
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            assertThat(new ObjectMapper().readTree(line).get("threads").intValue())
                    .isEqualTo(2);
        }
        assertThat(ReportFormat.JSONL.write(report(BOTH))).isEqualTo(ReportFormat.JSON.write(report(BOTH)));
    }

    @Test
    void csvQuotesAndSeparates() {
        List<String> lines =
                ReportFormat.CSV.write(report(BOTH, DECODE_ONLY)).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("prefill_tps,decode_tps,");
        assertThat(lines.get(1))
                .startsWith("100.0,11.0,10.0,100.0,90.0;100.0;110.0,")
                .contains(",\"a, \"\"b\"\".gguf\",2048,abc,", ",\"Q8_0 99.0 %, F32 1.0 %\",");
        assertThat(lines.get(2)).startsWith(",8.0412,,,,"); // an unmeasured phase is empty
    }

    @Test
    void markdownIsATable() {
        assertThat(ReportFormat.MD.write(report(BOTH, DECODE_ONLY)).lines())
                .startsWith(
                        "| test | tokens/s | a token costs |",
                        "| --- | ---: | ---: |",
                        "| pp100 | 100.00 ± 10.00 | 1.00 GFLOP |",
                        "| tg3 @ d100 | 11.00 ± 1.73 | 0.0 MB |",
                        "| tg3 @ d4096 | 8.04 ± 0.07 (not warm) | 0.0 MB |",
                        "")
                .contains(
                        "- SHA-256: abc",
                        "- machine: Some CPU, 2 threads, vectors of 512 bits; Some VM 25, heap 1.0 GiB");
    }

    @Test
    void sharesAreOfTheBetterLimit() throws Exception {
        SpeedReport.Limits limits =
                new SpeedReport.Limits(new MachineLimits(20_000, 150e9), new MachineLimits(16_000, 200e9));
        SpeedReport report = report(Optional.of(limits), Optional.empty(), OptionalLong.empty(), BOTH);
        JsonNode json = new ObjectMapper().readTree(ReportFormat.JSON.write(report));
        assertThat(json.get("fma_gflops").doubleValue()).isEqualTo(200);
        assertThat(json.get("fma_gflops_before_after").toString()).isEqualTo("[150.0,200.0]");
        assertThat(json.get("prefill_share_of_fma").doubleValue()).isEqualTo(100 * 1e9 / 200e9);
        assertThat(json.get("decode_share_of_memory_read").doubleValue()).isEqualTo(10.0 * 1010 / 20_000);
        assertThat(ReportFormat.MD.write(report))
                .contains("| pp100 | 100.00 ± 10.00 | 1.00 GFLOP | 50.0 % |", "multiply-add 150.0 / 200.0 GFLOP/s");
    }

    @Test
    void ratiosStandBesideTheRates() throws Exception {
        Measurement m = new Measurement(
                AFTER_PROMPT,
                BOTH.own(),
                true,
                300,
                Optional.of(new Measurement.Pair(Samples.of(45, 25, 55), Samples.of(10, 20, 13))));
        SpeedReport report = report(Optional.empty(), Optional.of("other {model}"), OptionalLong.empty(), m);
        JsonNode json = new ObjectMapper().readTree(ReportFormat.JSON.write(report));
        assertThat(json.get("against").textValue()).isEqualTo("other {model}");
        assertThat(json.get("against_prefill_median_tps").doubleValue()).isEqualTo(45);
        assertThat(json.get("prefill_ratio").doubleValue()).isEqualTo(2);
        assertThat(json.get("resident_bytes").isNull()).isTrue();
        assertThat(json.get("prefill_ratio_max").doubleValue()).isEqualTo(4);
        assertThat(json.get("decode_ratio_min").doubleValue()).isEqualTo(0.5);
        assertThat(ReportFormat.MD.write(report))
                .contains("| test | tokens/s | a token costs | median | other's median | ratio |")
                .contains("| pp100 | 100.00 ± 10.00 | 1.00 GFLOP | 100.00 | 45.00 | 2.00 (2.00 to 4.00) |")
                .contains("- in turn with: `other {model}`");
    }
}
