package dev.sluice.bench.jmh;

import dev.sluice.op.Buf;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.Vec;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A Gated DeltaNet layer between its projections; that of 35B-A3B has the shape of 9B. */
public class DeltaBenchmark extends VerbBenchmark {
    static final int TAPS = 4;

    @Param({"0.8B", "9B"})
    String shape;

    @Param({"1", "256"})
    int rows;

    private DeltaNet net;
    private Buf qkv;
    private Buf ba;
    private Buf z;
    private Buf out;

    @Setup
    public void bind() {
        fixture = new Fixture(rows, rows);
        net = net(Shape.of(shape));
        fixture.state(net.state());
        qkv = fixture.filled("qkv", net.channels());
        ba = fixture.filled("ba", 2 * net.valueHeads());
        z = fixture.filled("z", net.valueWidth());
        out = fixture.ops().buf("out", net.valueWidth());
        warm(this::gatedDeltaNet);
    }

    private DeltaNet net(Shape s) {
        int nv = s.valueHeads();
        int[] each = new int[nv];
        Arrays.setAll(each, i -> i);
        int[] alphaAt = Arrays.stream(each).map(i -> nv + i).toArray();
        int[] keyHead = Arrays.stream(each).map(i -> i % s.keyHeads()).toArray();
        float[] decay = new float[nv];
        Arrays.fill(decay, -0.5f);
        return new DeltaNet(
                0,
                s.keyHeads(),
                nv,
                s.stateSize(),
                keyHead,
                each,
                alphaAt,
                fixture.vec(TAPS * (2 * s.keyHeads() + nv) * s.stateSize()),
                TAPS,
                new Vec("decay", decay),
                fixture.vec(nv),
                fixture.norm(s.stateSize()));
    }

    @Benchmark
    public void gatedDeltaNet() {
        fixture.run(() -> fixture.ops().gatedDeltaNet(net, qkv, ba, z, out));
    }
}
