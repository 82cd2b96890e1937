package dev.sluice.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The types that some files have, at one shape: what another would show, {@link ProductBenchmark} shows.
 */
public class OtherTypesBenchmark extends VerbBenchmark {
    @Param({"9B"})
    String shape;

    @Param({"F32", "BF16", "Q5_0", "MXFP4"})
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
