package dev.sluice.bench.jmh;

import dev.sluice.op.Buf;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.Rope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Attention of one layer over a cache in F16. One depth: how attention grows with it, scripts/long-context shows with a whole
 * model.
 */
public class AttentionBenchmark extends VerbBenchmark {
    /** Rows in the cache before the step. */
    static final int DEPTH = 4096;

    private static final int PIECE = 256;

    @Param({"0.8B", "9B", "35B-A3B"})
    String shape;

    @Param({"1", "256"})
    int rows;

    int depth = DEPTH;

    private GatedHeads heads;
    private Buf q;
    private Buf k;
    private Buf v;
    private Buf out;

    @Setup
    public void bind() {
        Shape s = Shape.of(shape);
        fixture = new Fixture(rows, PIECE);
        heads = heads(s, s.heads());
        // With as many query heads as KV heads the cache fills in a fraction of the time.
        GatedHeads few = heads(s, s.kvHeads());
        fixture.state(heads.state());
        k = fixture.filled("k", heads.kvWidth());
        v = fixture.filled("v", heads.kvWidth());
        Buf fewQueries = fixture.filled("few.q", 2 * few.width());
        Buf fewOut = fixture.ops().buf("few.out", few.width());
        fixture.fill(depth, PIECE, () -> fixture.ops().attend(few, fewQueries, k, v, fewOut));
        q = fixture.filled("q", 2 * heads.width());
        out = fixture.ops().buf("out", heads.width());
        warm(this::attend);
    }

    private GatedHeads heads(Shape s, int queryHeads) {
        int length = s.headLength();
        return new GatedHeads(
                0,
                queryHeads,
                s.kvHeads(),
                length,
                (float) (1 / Math.sqrt(length)),
                fixture.norm(length),
                fixture.norm(length),
                Rope.of(64, 1e7));
    }

    @Benchmark
    public void attend() {
        fixture.run(() -> fixture.ops().attend(heads, q, k, v, out));
    }
}
