package dev.sluice.bench.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a run found out.
 *
 * @param limits of the machine, before the measurements and after them; empty where they were not asked for
 * @param peer the command of the other program, if there was one
 * @param residentBytes the most memory that the process held at once; empty where the system does not tell
 */
public record SpeedReport(
        ModelFile file,
        ModelCost cost,
        Machine machine,
        int threads,
        SpeedOptions options,
        List<Measurement> measurements,
        Optional<Limits> limits,
        Optional<String> peer,
        OptionalLong residentBytes) {

    /** What the machine gave on both sides of the measurements; the better of each counts. */
    public record Limits(MachineLimits before, MachineLimits after) {
        MachineLimits best() {
            return before.max(after);
        }
    }

    /**
     * One flat record for each combination: numbers, strings, booleans and lists of numbers under names that stay. A rate that
     * was not asked for is null, and so are the hash of a file that was not hashed and memory that the system does not tell.
     */
    public List<Map<String, Object>> records() {
        List<Map<String, Object>> records = new ArrayList<>();
        for (Measurement m : measurements) {
            Map<String, Object> record = new LinkedHashMap<>();
            putRates(record, m);
            putLight(record, m);
            m.peer().ifPresent(p -> putPeer(record, m, p));
            putMemory(record, m);
            putSetting(record, m);
            records.add(record);
        }
        return records;
    }

    private static void putRates(Map<String, Object> record, Measurement m) {
        record.put("prefill_tps", number(m.own().prefill().mean()));
        record.put("decode_tps", number(m.own().decode().mean()));
        putSpread(record, "prefill", m.own().prefill());
        putSpread(record, "decode", m.own().decode());
        record.put("settled", m.settled());
        record.put("prefill_tokens", m.combination().prompt());
        record.put("prefill_depth", m.combination().prefillDepth());
        record.put("decode_tokens", m.combination().generated());
        record.put("decode_depth", m.combination().decodeDepth());
    }

    private static void putSpread(Map<String, Object> record, String phase, Samples samples) {
        record.put(phase + "_stddev", samples.isEmpty() ? null : number(samples.stddev()));
        record.put(phase + "_median_tps", number(samples.median()));
        record.put(phase + "_samples", numbers(samples));
    }

    /** What a token costs, and the shares of what the machine gives. */
    private void putLight(Map<String, Object> record, Measurement m) {
        record.put("prefill_flop_per_token", cost.flop());
        record.put("decode_bytes_per_token", Math.round(decodeBytes(m)));
        limits.ifPresent(l -> {
            record.put("fma_gflops", number(l.best().fma() / 1e9));
            record.put("memory_read_gbps", number(l.best().memoryRead() / 1e9));
            record.put(
                    "fma_gflops_before_after",
                    numbers(Samples.of(l.before().fma() / 1e9, l.after().fma() / 1e9)));
            record.put(
                    "memory_read_gbps_before_after",
                    numbers(Samples.of(l.before().memoryRead() / 1e9, l.after().memoryRead() / 1e9)));
            record.put("prefill_share_of_fma", number(prefillShare(m, l)));
            record.put("decode_share_of_memory_read", number(decodeShare(m, l)));
        });
    }

    double decodeBytes(Measurement m) {
        return cost.decodeBytes(m.combination().decodeDepth(), m.combination().generated());
    }

    /** Of the median; NaN where there is none. */
    double prefillShare(Measurement m, Limits limits) {
        return m.own().prefill().median() * cost.flop() / limits.best().fma();
    }

    double decodeShare(Measurement m, Limits limits) {
        return m.own().decode().median() * decodeBytes(m) / limits.best().memoryRead();
    }

    private void putPeer(Map<String, Object> record, Measurement m, Measurement.Pair other) {
        record.put("against", peer.orElseThrow());
        putPeer(record, "prefill", m.own().prefill(), other.prefill());
        putPeer(record, "decode", m.own().decode(), other.decode());
    }

    private static void putPeer(Map<String, Object> record, String phase, Samples own, Samples other) {
        Samples ratios = own.over(other);
        record.put("against_" + phase + "_median_tps", number(other.median()));
        record.put("against_" + phase + "_samples", numbers(other));
        record.put(phase + "_ratio", number(ratios.median()));
        record.put(phase + "_ratio_min", number(ratios.min()));
        record.put(phase + "_ratio_max", number(ratios.max()));
    }

    private void putMemory(Map<String, Object> record, Measurement m) {
        record.put("resident_bytes", residentBytes.isPresent() ? residentBytes.getAsLong() : null);
        record.put("state_bytes", m.stateBytes());
    }

    private void putSetting(Map<String, Object> record, Measurement m) {
        record.put("repetitions", options.repetitions());
        record.put("threads", threads);
        record.put("kv_type", options.kvType().name());
        record.put("file", file.name());
        record.put("file_bytes", file.bytes());
        record.put("file_sha256", file.sha256().orElse(null));
        record.put("architecture", file.architecture());
        record.put("parameters", file.parameters());
        record.put("types", file.types());
        record.put("cpu", machine.cpu());
        record.put("vector_bits", machine.vectorBits());
        record.put("jvm", machine.jvm());
        record.put("heap_bytes", machine.heapBytes());
    }

    private static List<Double> numbers(Samples samples) {
        return samples.values().stream().map(SpeedReport::number).toList();
    }

    /** With as many digits as anybody could mean; null for NaN. */
    private static Double number(double value) {
        return Double.isNaN(value) ? null : Math.round(value * 1e4) / 1e4;
    }
}
