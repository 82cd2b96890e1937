package dev.sluice.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Four rows, as of sessions that are served together, which have loops of their own: for the types of most files, at one shape.
 */
public class FewRowsBenchmark extends VerbBenchmark {
    @Param({"9B"})
    String shape;

    @Param({"F16", "Q4_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    String type;

    @Param({"4"})
    int rows;

    private Matmul matmul;

    @Setup
    public void bind() {
        fixture = new Fixture(rows, rows);
        matmul = new Matmul(fixture, shape, type);
        warm(this::matmul);
    }

    @Benchmark
    public void matmul() {
        matmul.run();
    }
}
