package dev.sluice.bench.jmh;

import dev.sluice.gguf.TensorType;
import dev.sluice.op.Buf;
import dev.sluice.op.Weight;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The largest matrix of each model times one row, as in decoding, or 256, as in prefill. A few rows go through the same loops as
 * many, so that they show nothing more of a type.
 */
public class ProductBenchmark extends VerbBenchmark {
    @Param({"0.8B", "9B", "35B-A3B"})
    String shape;

    @Param({"F32", "F16", "BF16", "Q4_0", "Q5_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "MXFP4"})
    String type;

    @Param({"1", "256"})
    int rows;

    private List<Weight> weights;
    private Buf x;
    private Buf out;
    private int next;

    @Setup
    public void bind() {
        Shape s = Shape.of(shape);
        fixture = new Fixture(rows, rows);
        weights = fixture.weights(TensorType.valueOf(type), s.embedding(), s.outputs());
        x = fixture.filled("x", s.embedding());
        out = fixture.ops().buf("out", s.outputs());
        weights.forEach(w -> matmul()); // a weight may be brought into another form when it is first used
        warm(this::matmul);
    }

    @Benchmark
    public void matmul() {
        Weight w = weights.get(next++ % weights.size());
        fixture.run(() -> fixture.ops().matmul(x, w, out));
    }
}
