package dev.sluice.bench.jmh;

import dev.sluice.gguf.TensorType;
import dev.sluice.op.Buf;
import dev.sluice.op.Weight;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The routed experts of one layer, in the types that such files come in; each call chooses others. */
public class ExpertsBenchmark extends VerbBenchmark {
    private static final int CHOICES = 16;

    @Param({"35B-A3B"})
    String shape;

    @Param({"Q8_0", "Q4_K", "MXFP4"})
    String type;

    @Param({"1", "256"})
    int rows;

    private final Buf[] selections = new Buf[CHOICES];
    private Weight gate;
    private Weight up;
    private Weight down;
    private Buf x;
    private Buf out;
    private int next;

    @Setup
    public void bind() {
        Shape s = Shape.of(shape);
        TensorType weightType = TensorType.valueOf(type);
        fixture = new Fixture(rows, rows);
        gate = fixture.weight(weightType, s.embedding(), s.hidden(), s.experts());
        up = fixture.weight(weightType, s.embedding(), s.hidden(), s.experts());
        down = fixture.weight(weightType, s.hidden(), s.embedding(), s.experts());
        x = fixture.filled("x", s.embedding());
        out = fixture.ops().buf("out", s.embedding());
        for (int i = 0; i < CHOICES; i++) {
            Buf logits = fixture.filled("logits" + i, s.experts());
            Buf selection = fixture.ops().buf("selection" + i, 2 * s.expertsUsed());
            fixture.run(() -> fixture.ops().route(logits, s.expertsUsed(), 1, selection));
            selections[i] = selection;
        }
        warm(this::experts);
    }

    @Benchmark
    public void experts() {
        Buf selection = selections[next++ % CHOICES];
        fixture.run(() -> fixture.ops().experts(x, selection, gate, up, down, out));
    }
}
