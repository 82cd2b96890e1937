package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 32 elements: {@code d f16@0, m f16@2, qs u8[16]@4}. {@code y[i] = d * q + m}, nibbles {@code q} as in {@link Q4_0}.
 */
final class Q4_1 extends BlockFormat implements LaneFormat {
    Q4_1() {
        super(TensorType.Q4_1);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float m = f16(data, block + 2);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 4 + i);
            out[at + i] = d * (q & 15) + m;
            out[at + 16 + i] = d * (q >> 4) + m;
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 4).arranged(4);
    }

    /** Four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        Planes.nibbles(file, 0, words, 0);
    }

    /** For each block its d, then its m. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns / 32 * 2 * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 32; b++) {
                int from = at + b * 4 * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, 2 * b * GROUP + v);
                FloatVector m = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (b * 8 + 2 * i + n) * GROUP + v;
                        for (int j = 0; j < 4; j++) {
                            q.and(15)
                                    .convert(VectorOperators.I2F, 0)
                                    .reinterpretAsFloats()
                                    .fma(s, m)
                                    .intoArray(out, to + j * chain);
                            q = q.lanewise(VectorOperators.LSHR, 8);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int b = 0; b < columns / 32; b++) {
            int from = at + b * 4 * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, 2 * b * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, 2 * b * GROUP + LANES);
            FloatVector t0 = s0.mul(0x1p-8f);
            FloatVector t1 = s1.mul(0x1p-8f);
            FloatVector m0 = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP);
            FloatVector m1 = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    int k = xAt + b * 32 + 8 * i + 4 * n;
                    FloatVector xk = FloatVector.broadcast(F, x[k]);
                    a0 = q0.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s0, m0)
                            .fma(xk, a0);
                    a1 = q1.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s1, m1)
                            .fma(xk, a1);
                    xk = FloatVector.broadcast(F, x[k + 1]);
                    b0 = q0.and(0xf00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t0, m0)
                            .fma(xk, b0);
                    b1 = q1.and(0xf00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t1, m1)
                            .fma(xk, b1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 16);
                    q1 = q1.lanewise(VectorOperators.LSHR, 16);
                    xk = FloatVector.broadcast(F, x[k + 2]);
                    c0 = q0.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s0, m0)
                            .fma(xk, c0);
                    c1 = q1.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s1, m1)
                            .fma(xk, c1);
                    xk = FloatVector.broadcast(F, x[k + 3]);
                    d0 = q0.and(0xf00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t0, m0)
                            .fma(xk, d0);
                    d1 = q1.and(0xf00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t1, m1)
                            .fma(xk, d1);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(a0).add(b0).add(c0).add(d0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1)
                .add(b1)
                .add(c1)
                .add(d1)
                .intoArray(out, outAt + LANES);
    }

    @Override
    public int mostRows() {
        return 8;
    }

    @Override
    public void dotFour(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        for (int c = 0; c < 4; c++) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            int xc = xAt + c * columns;
            for (int b = 0; b < columns / 32; b++) {
                FloatVector s0 = FloatVector.fromArray(F, factors, 2 * b * GROUP);
                FloatVector s1 = FloatVector.fromArray(F, factors, 2 * b * GROUP + LANES);
                FloatVector m0 = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP);
                FloatVector m1 = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP + LANES);
                for (int i = 0; i < 4; i++) {
                    IntVector w0 = IntVector.fromArray(I, words, at + (b * 4 + i) * GROUP)
                            .lanewise(VectorOperators.LSHR, 8 * c);
                    IntVector w1 = IntVector.fromArray(I, words, at + (b * 4 + i) * GROUP + LANES)
                            .lanewise(VectorOperators.LSHR, 8 * c);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        FloatVector u0 = w0.and(15)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .fma(s0, m0);
                        FloatVector u1 = w1.and(15)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .fma(s1, m1);
                        w0 = w0.lanewise(VectorOperators.LSHR, 4);
                        w1 = w1.lanewise(VectorOperators.LSHR, 4);
                        int k = xc + 32 * b + 8 * i + 4 * n;
                        FloatVector xk = FloatVector.broadcast(F, x[k]);
                        a0 = xk.fma(u0, a0);
                        a1 = xk.fma(u1, a1);
                        xk = FloatVector.broadcast(F, x[k + 1]);
                        b0 = xk.fma(u0, b0);
                        b1 = xk.fma(u1, b1);
                        xk = FloatVector.broadcast(F, x[k + 2]);
                        c0 = xk.fma(u0, c0);
                        c1 = xk.fma(u1, c1);
                        xk = FloatVector.broadcast(F, x[k + 3]);
                        d0 = xk.fma(u0, d0);
                        d1 = xk.fma(u1, d1);
                    }
                }
            }
            FloatVector.fromArray(F, sums, sumsAt).add(a0).intoArray(sums, sumsAt);
            FloatVector.fromArray(F, sums, sumsAt + LANES).add(a1).intoArray(sums, sumsAt + LANES);
            FloatVector.fromArray(F, sums, sumsAt + GROUP).add(b0).intoArray(sums, sumsAt + GROUP);
            FloatVector.fromArray(F, sums, sumsAt + GROUP + LANES).add(b1).intoArray(sums, sumsAt + GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 2 * GROUP).add(c0).intoArray(sums, sumsAt + 2 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 2 * GROUP + LANES)
                    .add(c1)
                    .intoArray(sums, sumsAt + 2 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 3 * GROUP).add(d0).intoArray(sums, sumsAt + 3 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 3 * GROUP + LANES)
                    .add(d1)
                    .intoArray(sums, sumsAt + 3 * GROUP + LANES);
        }
    }

    @Override
    public void dotEight(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        for (int c = 0; c < 4; c++) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            FloatVector e0 = a0;
            FloatVector e1 = a0;
            FloatVector f0 = a0;
            FloatVector f1 = a0;
            FloatVector g0 = a0;
            FloatVector g1 = a0;
            FloatVector h0 = a0;
            FloatVector h1 = a0;
            int xc = xAt + c * columns;
            for (int b = 0; b < columns / 32; b++) {
                FloatVector s0 = FloatVector.fromArray(F, factors, 2 * b * GROUP);
                FloatVector s1 = FloatVector.fromArray(F, factors, 2 * b * GROUP + LANES);
                FloatVector m0 = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP);
                FloatVector m1 = FloatVector.fromArray(F, factors, (2 * b + 1) * GROUP + LANES);
                for (int i = 0; i < 4; i++) {
                    IntVector w0 = IntVector.fromArray(I, words, at + (b * 4 + i) * GROUP)
                            .lanewise(VectorOperators.LSHR, 8 * c);
                    IntVector w1 = IntVector.fromArray(I, words, at + (b * 4 + i) * GROUP + LANES)
                            .lanewise(VectorOperators.LSHR, 8 * c);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        FloatVector u0 = w0.and(15)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .fma(s0, m0);
                        FloatVector u1 = w1.and(15)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .fma(s1, m1);
                        w0 = w0.lanewise(VectorOperators.LSHR, 4);
                        w1 = w1.lanewise(VectorOperators.LSHR, 4);
                        int k = xc + 32 * b + 8 * i + 4 * n;
                        FloatVector xk = FloatVector.broadcast(F, x[k]);
                        a0 = xk.fma(u0, a0);
                        a1 = xk.fma(u1, a1);
                        xk = FloatVector.broadcast(F, x[k + 1]);
                        b0 = xk.fma(u0, b0);
                        b1 = xk.fma(u1, b1);
                        xk = FloatVector.broadcast(F, x[k + 2]);
                        c0 = xk.fma(u0, c0);
                        c1 = xk.fma(u1, c1);
                        xk = FloatVector.broadcast(F, x[k + 3]);
                        d0 = xk.fma(u0, d0);
                        d1 = xk.fma(u1, d1);
                        xk = FloatVector.broadcast(F, x[k + 4 * columns]);
                        e0 = xk.fma(u0, e0);
                        e1 = xk.fma(u1, e1);
                        xk = FloatVector.broadcast(F, x[k + 4 * columns + 1]);
                        f0 = xk.fma(u0, f0);
                        f1 = xk.fma(u1, f1);
                        xk = FloatVector.broadcast(F, x[k + 4 * columns + 2]);
                        g0 = xk.fma(u0, g0);
                        g1 = xk.fma(u1, g1);
                        xk = FloatVector.broadcast(F, x[k + 4 * columns + 3]);
                        h0 = xk.fma(u0, h0);
                        h1 = xk.fma(u1, h1);
                    }
                }
            }
            FloatVector.fromArray(F, sums, sumsAt).add(a0).intoArray(sums, sumsAt);
            FloatVector.fromArray(F, sums, sumsAt + LANES).add(a1).intoArray(sums, sumsAt + LANES);
            FloatVector.fromArray(F, sums, sumsAt + GROUP).add(b0).intoArray(sums, sumsAt + GROUP);
            FloatVector.fromArray(F, sums, sumsAt + GROUP + LANES).add(b1).intoArray(sums, sumsAt + GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 2 * GROUP).add(c0).intoArray(sums, sumsAt + 2 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 2 * GROUP + LANES)
                    .add(c1)
                    .intoArray(sums, sumsAt + 2 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 3 * GROUP).add(d0).intoArray(sums, sumsAt + 3 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 3 * GROUP + LANES)
                    .add(d1)
                    .intoArray(sums, sumsAt + 3 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 4 * GROUP).add(e0).intoArray(sums, sumsAt + 4 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 4 * GROUP + LANES)
                    .add(e1)
                    .intoArray(sums, sumsAt + 4 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 5 * GROUP).add(f0).intoArray(sums, sumsAt + 5 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 5 * GROUP + LANES)
                    .add(f1)
                    .intoArray(sums, sumsAt + 5 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 6 * GROUP).add(g0).intoArray(sums, sumsAt + 6 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 6 * GROUP + LANES)
                    .add(g1)
                    .intoArray(sums, sumsAt + 6 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 7 * GROUP).add(h0).intoArray(sums, sumsAt + 7 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 7 * GROUP + LANES)
                    .add(h1)
                    .intoArray(sums, sumsAt + 7 * GROUP + LANES);
        }
    }
}
