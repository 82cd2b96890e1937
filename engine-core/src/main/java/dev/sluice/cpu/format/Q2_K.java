package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.half;
import static dev.sluice.cpu.format.Lanes.ints;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code scales u8[16]@0, qs u8[64]@16, d f16@80, dmin f16@82}. With {@code g = i / 16},
 * {@code y[i] = d * (scales[g] & 15) * q - dmin * (scales[g] >> 4)}, where
 * {@code q = qs[32 * (i / 128) + i % 32] >> 2 * (i % 128 / 32) & 3}.
 */
final class Q2_K extends BlockFormat implements LaneFormat {

    Q2_K() {
        super(TensorType.Q2_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 80);
        float dmin = f16(data, block + 82);
        for (int g = 0; g < 16; g++) {
            int s = u8(data, block + g);
            float scale = d * (s & 15);
            float min = dmin * (s >> 4);
            long qs = block + 16 + 32 * (g / 8) + 16 * (g % 2);
            int shift = 2 * (g % 8 / 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                out[to + i] = scale * (u8(data, qs + i) >> shift & 3) - min;
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.tailed(type(), 4).arranged(20);
    }

    /** Scales, then a word for each sixteen columns. */
    @Override
    public void arrange(int[] file, int[] words) {
        System.arraycopy(file, 0, words, 0, 4);
        for (int g = 0; g < 16; g++) {
            words[4 + g] = Planes.of(file, 4 + g / 8 * 8 + g % 2 * 4, g % 8 / 2, 2);
        }
    }

    /** For each sixteen columns their scale, then their minimum negated, both times the block's. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            FloatVector d = half(ints(heads, headAt + v));
            FloatVector dmin = half(ints(heads, headAt + GROUP + v));
            for (int g = 0; g < 16; g++) {
                IntVector s = IntVector.fromArray(I, words, at + g / 4 * GROUP + v)
                        .lanewise(VectorOperators.LSHR, 8 * (g % 4));
                int to = 2 * g * GROUP + v;
                s.and(15)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(d)
                        .intoArray(factors, to);
                s.lanewise(VectorOperators.LSHR, 4)
                        .and(15)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(dmin)
                        .neg()
                        .intoArray(factors, to + GROUP);
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + (4 + g) * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, 2 * g * GROUP + v);
                FloatVector m = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + v);
                IntVector w = IntVector.fromArray(I, words, from);
                for (int n = 0; n < 4; n++) {
                    IntVector q = w;
                    w = w.lanewise(VectorOperators.LSHR, 2);
                    int to = outAt + (g * 4 + n) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(3)
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
        for (int g = 0; g < columns / 16; g++) {
            int from = at + (4 + g) * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, 2 * g * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, 2 * g * GROUP + LANES);
            FloatVector t0 = s0.mul(0x1p-8f);
            FloatVector t1 = s1.mul(0x1p-8f);
            FloatVector m0 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP);
            FloatVector m1 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + LANES);
            IntVector w0 = IntVector.fromArray(I, words, from);
            IntVector w1 = IntVector.fromArray(I, words, from + LANES);
            for (int n = 0; n < 4; n++) {
                IntVector q0 = w0;
                IntVector q1 = w1;
                w0 = w0.lanewise(VectorOperators.LSHR, 2);
                w1 = w1.lanewise(VectorOperators.LSHR, 2);
                int k = xAt + g * 16 + 4 * n;
                FloatVector xk = FloatVector.broadcast(F, x[k]);
                a0 = q0.and(3)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s0, m0)
                        .fma(xk, a0);
                a1 = q1.and(3)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s1, m1)
                        .fma(xk, a1);
                xk = FloatVector.broadcast(F, x[k + 1]);
                b0 = q0.and(0x300)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t0, m0)
                        .fma(xk, b0);
                b1 = q1.and(0x300)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t1, m1)
                        .fma(xk, b1);
                q0 = q0.lanewise(VectorOperators.LSHR, 16);
                q1 = q1.lanewise(VectorOperators.LSHR, 16);
                xk = FloatVector.broadcast(F, x[k + 2]);
                c0 = q0.and(3)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s0, m0)
                        .fma(xk, c0);
                c1 = q1.and(3)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s1, m1)
                        .fma(xk, c1);
                xk = FloatVector.broadcast(F, x[k + 3]);
                d0 = q0.and(0x300)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t0, m0)
                        .fma(xk, d0);
                d1 = q1.and(0x300)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t1, m1)
                        .fma(xk, d1);
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
}
