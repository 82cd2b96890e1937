package dev.sluice.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The largest matrix of each model times one row, as in decoding, or 256, as in prefill; in the types
 * of most files.
 */
public class ProductBenchmark extends VerbBenchmark {
    @Param({"0.8B", "9B", "35B-A3B"})
    String shape;

    @Param({"F16", "Q4_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    String type;

    @Param({"1", "256"})
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
