package dev.sluice.bench.jmh;

import dev.sluice.bench.speed.Machine;
import dev.sluice.bench.speed.MachineLimits;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** The results as a Markdown table. */
final class ResultTable {
    private ResultTable() {}

    static String of(List<Result> results, MachineLimits limits, Machine machine, int threads, int forks) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add(of(
                "%s, %d threads, vectors of %d bits; %s.",
                machine.cpu(), threads, machine.vectorBits(), machine.jvm()));
        text.add(of(
                "Limits: memory read %.1f GB/s, F32 multiply-add %.0f GFLOP/s. %d %s of each.",
                limits.memoryRead() / 1e9, limits.fma() / 1e9, forks, forks == 1 ? "fork" : "forks"));
        text.add("");
        text.add("| verb | shape | type | rows | time | ± | GFLOP/s | GB/s | of the limit | bound by |");
        text.add("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        for (Result r : results) {
            text.add(of(
                    "| %s | %s | %s | %s | %s | %s | %.1f | %.1f | %.0f %% | %s |",
                    r.verb(),
                    r.shape(),
                    r.type(),
                    r.rows(),
                    time(r.seconds()),
                    Double.isNaN(r.error()) ? "" : of("%.0f %%", 100 * r.error() / r.seconds()),
                    r.flops() / 1e9,
                    r.bytesPerSecond() / 1e9,
                    100 * r.share(limits),
                    r.boundByMemory(limits) ? "memory" : "multiply-add"));
        }
        return text.toString();
    }

    private static String time(double seconds) {
        return seconds < 1e-3 ? of("%.1f µs", 1e6 * seconds) : of("%.2f ms", 1e3 * seconds);
    }

    private static String of(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
