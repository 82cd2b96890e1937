package dev.sluice.bench.jmh;

import dev.sluice.op.Buf;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.Rope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Attention of one layer over a cache in F16. */
public class AttentionBenchmark extends VerbBenchmark {
    private static final int PIECE = 256;

    @Param({"0.8B", "9B", "35B-A3B"})
    String shape;

    /** Rows of the step, and rows in the cache before it. */
    @Param({"1@1024", "1@8192", "256@4096"})
    String rows;

    private GatedHeads heads;
    private Buf q;
    private Buf k;
    private Buf v;
    private Buf out;

    static int rows(String param) {
        return Integer.parseInt(param.split("@")[0]);
    }

    static int depth(String param) {
        return Integer.parseInt(param.split("@")[1]);
    }

    @Setup
    public void bind() {
        Shape s = Shape.of(shape);
        fixture = new Fixture(rows(rows), PIECE);
        heads = heads(s, s.heads());
        // With as many query heads as KV heads the cache fills in a fraction of the time.
        GatedHeads few = heads(s, s.kvHeads());
        fixture.state(heads.state());
        k = fixture.filled("k", heads.kvWidth());
        v = fixture.filled("v", heads.kvWidth());
        Buf fewQueries = fixture.filled("few.q", 2 * few.width());
        Buf fewOut = fixture.ops().buf("few.out", few.width());
        fixture.fill(depth(rows), PIECE, () -> fixture.ops().attend(few, fewQueries, k, v, fewOut));
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
