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
 * 256 elements: {@code qs u8[64]@0, d f16@64}. {@code y[i] = d * (q - 1)} with {@code q} as in {@link Q2_K}. Quantizers
 * write {@code q} of 0 to 2 only; 3 decodes like any other.
 */
final class TQ2_0 extends BlockFormat implements LaneFormat {

    TQ2_0() {
        super(TensorType.TQ2_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 64);
        for (int g = 0; g < 8; g++) {
            long qs = block + 32 * (g / 4);
            int shift = 2 * (g % 4);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                out[to + i] = d * ((u8(data, qs + i) >> shift & 3) - 1);
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.of(type()).arranged(16);
    }

    /** A word for each sixteen columns. */
    @Override
    public void arrange(int[] file, int[] words) {
        for (int g = 0; g < 16; g++) {
            words[g] = Planes.of(file, g / 8 * 8 + g % 2 * 4, g % 8 / 2, 2);
        }
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            int from = at + v;
            FloatVector s = FloatVector.fromArray(F, factors, v);
            for (int i = 0; i < 16; i++) {
                IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                for (int n = 0; n < 4; n++) {
                    IntVector q = w;
                    w = w.lanewise(VectorOperators.LSHR, 2);
                    int to = outAt + (4 * i + n) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(3)
                                .sub(1)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(s)
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
        FloatVector s0 = FloatVector.fromArray(F, factors, 0);
        FloatVector s1 = FloatVector.fromArray(F, factors, LANES);
        FloatVector t0 = s0.mul(0x1p-8f);
        FloatVector t1 = s1.mul(0x1p-8f);
        FloatVector m0 = s0.mul(-1);
        FloatVector m1 = s1.mul(-1);
        for (int i = 0; i < 16; i++) {
            IntVector w0 = IntVector.fromArray(I, words, at + i * GROUP);
            IntVector w1 = IntVector.fromArray(I, words, at + i * GROUP + LANES);
            for (int n = 0; n < 4; n++) {
                IntVector q0 = w0;
                IntVector q1 = w1;
                w0 = w0.lanewise(VectorOperators.LSHR, 2);
                w1 = w1.lanewise(VectorOperators.LSHR, 2);
                int k = xAt + 16 * i + 4 * n;
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
