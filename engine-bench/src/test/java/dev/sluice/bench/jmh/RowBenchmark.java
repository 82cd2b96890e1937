package dev.sluice.bench.jmh;

import dev.sluice.op.Buf;
import dev.sluice.op.Norm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What is done to each row alone: the norm of the residual stream, the activation of the feed-forward part. */
public class RowBenchmark extends VerbBenchmark {
    @Param({"0.8B", "9B", "35B-A3B"})
    String shape;

    @Param({"1", "256"})
    int rows;

    private Norm norm;
    private Buf x;
    private Buf normed;
    private Buf gate;
    private Buf up;
    private Buf activated;

    @Setup
    public void bind() {
        Shape s = Shape.of(shape);
        fixture = new Fixture(rows, rows);
        norm = fixture.norm(s.embedding());
        x = fixture.filled("x", s.embedding());
        normed = fixture.ops().buf("normed", s.embedding());
        gate = fixture.filled("gate", s.hidden());
        up = fixture.filled("up", s.hidden());
        activated = fixture.ops().buf("activated", s.hidden());
        warm(this::rmsNorm);
        warm(this::siluMul);
    }

    @Benchmark
    public void rmsNorm() {
        fixture.run(() -> fixture.ops().rmsNorm(norm, x, normed));
    }

    @Benchmark
    public void siluMul() {
        fixture.run(() -> fixture.ops().siluMul(gate, up, activated));
    }
}
