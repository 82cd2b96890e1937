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
 * 256 elements: {@code hmask u8[32]@0, qs u8[64]@32, scales u8[12]@96, d f16@108}. With {@code g = i / 16},
 * {@code y[i] = d * (scale(g) - 32) * (q - 4)}. The low two bits of {@code q} are as in {@link Q2_K}, the third is bit
 * {@code i / 32} of {@code hmask[i % 32]}. A scale has its low four bits in nibble {@code g / 8} of
 * {@code scales[g % 8]} and its high two bits at {@code 2 * (g / 4)} of {@code scales[8 + g % 4]}.
 */
final class Q3_K extends BlockFormat implements LaneFormat {

    Q3_K() {
        super(TensorType.Q3_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 108);
        for (int g = 0; g < 16; g++) {
            int low = u8(data, block + 96 + g % 8) >> 4 * (g / 8) & 15;
            int high = u8(data, block + 104 + g % 4) >> 2 * (g / 4) & 3;
            float scale = d * ((low | high << 4) - 32);
            long hmask = block + 16 * (g % 2);
            long qs = block + 32 + 32 * (g / 8) + 16 * (g % 2);
            int shift = 2 * (g % 8 / 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                int bit = u8(data, hmask + i) >> (g / 2) & 1;
                out[to + i] = scale * ((u8(data, qs + i) >> shift & 3 | bit << 2) - 4);
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.of(type()).arranged(27);
    }

    /** Scales, then for each 32 columns a word with their third bits and two words of the others, sixteen columns each. */
    @Override
    public void arrange(int[] file, int[] words) {
        System.arraycopy(file, 24, words, 0, 3);
        for (int g = 0; g < 16; g++) {
            int to = 3 + g / 2 * 3;
            words[to] = Planes.of(file, 0, g / 2, 1);
            words[to + 1 + g % 2] = Planes.of(file, 8 + g / 8 * 8 + g % 2 * 4, g % 8 / 2, 2);
        }
    }

    /** For each sixteen columns their scale times that of the block. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            FloatVector d = half(ints(heads, headAt + v));
            int from = at + v;
            for (int g = 0; g < 16; g++) {
                IntVector high = IntVector.fromArray(I, words, from + 2 * GROUP)
                        .lanewise(VectorOperators.LSHR, 8 * (g % 4) + 2 * (g / 4));
                IntVector.fromArray(I, words, from + g % 8 / 4 * GROUP)
                        .lanewise(VectorOperators.LSHR, 8 * (g % 4) + 4 * (g / 8))
                        .and(15)
                        .or(high.and(3).lanewise(VectorOperators.LSHL, 4))
                        .sub(32)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(d)
                        .intoArray(factors, g * GROUP + v);
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + (3 + g / 2 * 3) * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, g * GROUP + v);
                IntVector third = IntVector.fromArray(I, words, from);
                IntVector w = IntVector.fromArray(I, words, from + (1 + g % 2) * GROUP);
                // From bit 2 of each byte on, the third ones of these columns.
                IntVector high =
                        g % 2 == 0 ? third.lanewise(VectorOperators.LSHL, 2) : third.lanewise(VectorOperators.LSHR, 2);
                for (int n = 0; n < 4; n++) {
                    IntVector q = w.and(0x03030303).or(high.and(0x04040404));
                    w = w.lanewise(VectorOperators.LSHR, 2);
                    high = high.lanewise(VectorOperators.LSHR, 1);
                    int to = outAt + (g * 4 + n) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(7)
                                .sub(4)
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
        for (int g = 0; g < columns / 16; g++) {
            int from = at + (3 + g / 2 * 3) * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, g * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
            FloatVector t0 = s0.mul(0x1p-8f);
            FloatVector t1 = s1.mul(0x1p-8f);
            FloatVector m0 = s0.mul(-4);
            FloatVector m1 = s1.mul(-4);
            IntVector third0 = IntVector.fromArray(I, words, from);
            IntVector third1 = IntVector.fromArray(I, words, from + LANES);
            IntVector w0 = IntVector.fromArray(I, words, from + (1 + g % 2) * GROUP);
            IntVector w1 = IntVector.fromArray(I, words, from + (1 + g % 2) * GROUP + LANES);
            // From bit 2 of each byte on, the third ones of these columns.
            IntVector high0 =
                    g % 2 == 0 ? third0.lanewise(VectorOperators.LSHL, 2) : third0.lanewise(VectorOperators.LSHR, 2);
            IntVector high1 =
                    g % 2 == 0 ? third1.lanewise(VectorOperators.LSHL, 2) : third1.lanewise(VectorOperators.LSHR, 2);
            for (int n = 0; n < 4; n++) {
                IntVector q0 = w0.and(0x03030303).or(high0.and(0x04040404));
                IntVector q1 = w1.and(0x03030303).or(high1.and(0x04040404));
                w0 = w0.lanewise(VectorOperators.LSHR, 2);
                w1 = w1.lanewise(VectorOperators.LSHR, 2);
                high0 = high0.lanewise(VectorOperators.LSHR, 1);
                high1 = high1.lanewise(VectorOperators.LSHR, 1);
                int k = xAt + g * 16 + 4 * n;
                FloatVector xk = FloatVector.broadcast(F, x[k]);
                a0 = q0.and(7)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s0, m0)
                        .fma(xk, a0);
                a1 = q1.and(7)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s1, m1)
                        .fma(xk, a1);
                xk = FloatVector.broadcast(F, x[k + 1]);
                b0 = q0.and(0x700)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t0, m0)
                        .fma(xk, b0);
                b1 = q1.and(0x700)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t1, m1)
                        .fma(xk, b1);
                q0 = q0.lanewise(VectorOperators.LSHR, 16);
                q1 = q1.lanewise(VectorOperators.LSHR, 16);
                xk = FloatVector.broadcast(F, x[k + 2]);
                c0 = q0.and(7)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s0, m0)
                        .fma(xk, c0);
                c1 = q1.and(7)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(s1, m1)
                        .fma(xk, c1);
                xk = FloatVector.broadcast(F, x[k + 3]);
                d0 = q0.and(0x700)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .fma(t0, m0)
                        .fma(xk, d0);
                d1 = q1.and(0x700)
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
