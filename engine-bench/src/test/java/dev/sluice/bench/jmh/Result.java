package dev.sluice.bench.jmh;

import dev.sluice.bench.speed.MachineLimits;
import org.openjdk.jmh.results.RunResult;

/**
 * One benchmark with its parameters.
 *
 * @param type of the weights, empty where there are none
 * @param rows of the step; "1@8192" has 8192 rows in the cache before it
 * @param seconds of one call, on average
 * @param error half the width of the 99.9 % confidence interval; NaN of a single fork
 */
record Result(String verb, String shape, String type, String rows, double seconds, double error) {
    static Result of(RunResult run) {
        String name = run.getParams().getBenchmark();
        String type = run.getParams().getParamsKeys().contains("type")
                ? run.getParams().getParam("type")
                : "";
        return new Result(
                name.substring(name.lastIndexOf('.') + 1),
                run.getParams().getParam("shape"),
                type,
                run.getParams().getParam("rows"),
                run.getPrimaryResult().getScore(),
                run.getPrimaryResult().getScoreError());
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

    /** How near it comes to the limit that binds it; above 1 where the data stays in a cache. */
    double share(MachineLimits limits) {
        return boundByMemory(limits) ? bytesPerSecond() / limits.memoryRead() : flops() / limits.fma();
    }
}
