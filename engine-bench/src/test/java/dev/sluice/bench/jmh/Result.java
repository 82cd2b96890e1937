package dev.sluice.bench.jmh;

import dev.sluice.bench.speed.MachineLimits;
import java.util.Optional;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.util.Statistics;

/**
 * One benchmark with its parameters.
 *
 * @param type of the weights, empty where there are none
 * @param rows of the step
 * @param seconds of one call, the median of the forks
 * @param error half of what lies between the slowest fork and the fastest, as a part of the median; empty of a single fork
 */
record Result(String verb, String shape, String type, int rows, double seconds, Optional<Double> error) {
    /** @param run with one iteration in each fork */
    static Result of(BenchmarkResult run) {
        String name = run.getParams().getBenchmark();
        Statistics forks = run.getPrimaryResult().getStatistics();
        double median = forks.getPercentile(50);
        return new Result(
                name.substring(name.lastIndexOf('.') + 1),
                run.getParams().getParam("shape"),
                run.getParams().getParamsKeys().contains("type")
                        ? run.getParams().getParam("type")
                        : "",
                Integer.parseInt(run.getParams().getParam("rows")),
                median,
                forks.getN() == 1 ? Optional.empty() : Optional.of((forks.getMax() - forks.getMin()) / 2 / median));
    }

    Work work() {
        return Work.of(verb, shape, type, rows);
    }

    double flops() {
        return work().flop() / seconds;
    }

    double bytesPerSecond() {
        return work().bytes() / seconds;
    }

    /** Whether it is memory that keeps it from being faster. */
    boolean boundByMemory(MachineLimits limits) {
        return work().bytes() / limits.memoryRead() > work().flop() / limits.fma();
    }

    /** What is limited: GB/s where memory binds, else GFLOP/s. */
    double value(MachineLimits limits) {
        return (boundByMemory(limits) ? bytesPerSecond() : flops()) / 1e9;
    }

    String unit(MachineLimits limits) {
        return boundByMemory(limits) ? "GB/s" : "GFLOP/s";
    }

    /** How near it comes to the limit that binds it; above 1 where the data stays in a cache. */
    double share(MachineLimits limits) {
        return boundByMemory(limits) ? bytesPerSecond() / limits.memoryRead() : flops() / limits.fma();
    }

    /** With two digits at least, and the share of the limit. */
    String text(MachineLimits limits) {
        double value = value(limits);
        return Text.of("%." + (value < 9.95 ? 1 : 0) + "f %s (%.0f %%)", value, unit(limits), 100 * share(limits));
    }
}
