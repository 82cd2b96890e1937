package dev.sluice.bench.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.bench.speed.MachineLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured on one machine, as it is kept in a file of JSON.
 *
 * @param machine "cpu" and "jvm"; scripts/measure adds what else it finds out
 */
record Report(
        String date, Map<String, Object> machine, int threads, int forks, MachineLimits limits, List<Result> results) {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static Report read(Path file) throws IOException {
        JsonNode root = JSON.readTree(file.toFile());
        if (root.path("version").asInt() != VERSION) {
            throw new IOException(file + ": is no file of kernels of version " + VERSION);
        }
        Map<String, Object> machine = new LinkedHashMap<>();
        root.get("machine")
                .properties()
                .forEach(e -> machine.put(e.getKey(), e.getValue().asText()));
        List<Result> results = new ArrayList<>();
        for (JsonNode r : root.get("results")) {
            results.add(new Result(
                    r.get("verb").asText(),
                    r.get("shape").asText(),
                    r.get("type").asText(),
                    r.get("rows").asInt(),
                    r.get("seconds").asDouble(),
                    r.get("error").isNull()
                            ? Optional.empty()
                            : Optional.of(r.get("error").asDouble())));
        }
        JsonNode limits = root.get("limits");
        return new Report(
                root.get("date").asText(),
                machine,
                root.get("threads").asInt(),
                root.get("forks").asInt(),
                new MachineLimits(
                        1e9 * limits.get("memory_read_gbps").asDouble(),
                        1e9 * limits.get("fma_gflops").asDouble()),
                results);
    }

    void write(Path file) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", VERSION);
        root.put("date", date);
        root.put("machine", machine);
        root.put("threads", threads);
        root.put("forks", forks);
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("memory_read_gbps", number(limits.memoryRead() / 1e9));
        both.put("fma_gflops", number(limits.fma() / 1e9));
        root.put("limits", both);
        root.put("results", results.stream().map(this::record).toList());
        Files.writeString(file, JSON.writeValueAsString(root) + "\n");
    }

    private Map<String, Object> record(Result r) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("verb", r.verb());
        record.put("shape", r.shape());
        record.put("type", r.type());
        record.put("rows", r.rows());
        record.put("seconds", number(r.seconds()));
        record.put("value", number(r.value(limits)));
        record.put("unit", r.unit(limits));
        record.put("error", r.error().map(Report::number).orElse(null));
        record.put("share", number(r.share(limits)));
        record.put("limit", r.boundByMemory(limits) ? "memory_read" : "fma");
        return record;
    }

    /** With as many digits as anybody could mean. */
    private static BigDecimal number(double value) {
        return new BigDecimal(value).round(new MathContext(5));
    }

    /** Where the picture of a file of results is. */
    static Path picture(Path file) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.json$", ".svg"));
    }

    /** Of what machine, how and under what limits: two lines. */
    String origin() {
        String first = List.of("cpu", "family", "model", "vectors").stream()
                .filter(key -> machine.get(key) != null && !machine.get(key).equals("null"))
                .map(key -> List.of("family", "model").contains(key)
                        ? key + " " + machine.get(key)
                        : machine.get(key).toString())
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        return Text.of(
                "%s; %s.\n%s, %s of each, %s. Limits: memory read %.1f GB/s, F32 multiply-add %.0f GFLOP/s.",
                first,
                machine.get("jvm"),
                Text.count(threads, "thread"),
                Text.count(forks, "fork"),
                date,
                limits.memoryRead() / 1e9,
                limits.fma() / 1e9);
    }
}
