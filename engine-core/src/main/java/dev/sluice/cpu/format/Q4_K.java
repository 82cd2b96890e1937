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
 * 256 elements: {@code d f16@0, dmin f16@2, scales u8[12]@4, qs u8[128]@16}. With {@code g = i / 32},
 * {@code y[i] = d * scale(g) * q - dmin * min(g)}, where {@code q} is nibble {@code g % 2} of
 * {@code qs[32 * (i / 64) + i % 32]}.
 */
final class Q4_K extends BlockFormat implements LaneFormat {

    Q4_K() {
        super(TensorType.Q4_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float dmin = f16(data, block + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(data, block + 4, g);
            float min = dmin * min(data, block + 4, g);
            long qs = block + 16 + 32 * (g / 2);
            int shift = 4 * (g % 2);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                out[to + i] = scale * (u8(data, qs + i) >> shift & 15) - min;
            }
        }
    }

    /** The six-bit scale of group {@code g}; the twelve bytes at {@code scales} also serve {@link Q5_K}. */
    static int scale(MemorySegment data, long scales, int g) {
        return g < 4 ? u8(data, scales + g) & 63 : (u8(data, scales + 4 + g) & 15) | u8(data, scales + g - 4) >> 6 << 4;
    }

    /** The six-bit minimum of group {@code g}. */
    static int min(MemorySegment data, long scales, int g) {
        return g < 4 ? u8(data, scales + 4 + g) & 63 : u8(data, scales + 4 + g) >> 4 | u8(data, scales + g) >> 6 << 4;
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 4).arranged(35);
    }

    /** Scales, then 32 words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        System.arraycopy(file, 0, words, 0, 3);
        for (int i = 0; i < 32; i++) {
            words[3 + i] = Planes.of(file, 3 + i / 8 * 8 + 2 * (i % 4), i % 8 / 4, 4);
        }
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        unpack(words, at, 35, heads, headAt, columns, factors);
    }

    /**
     * For each of the eight groups of a block its scale, then its minimum negated, both times the block's; serves {@link Q5_K} too.
     *
     * @param blockWords words of a block; the first three are the scales
     */
    static void unpack(int[] words, int at, int blockWords, short[] heads, int headAt, int columns, float[] factors) {
        int blocks = columns / 256;
        int whole = blocks * 16 * GROUP; // behind the factors there is room for d and dmin of the blocks
        Lanes.halves(heads, headAt, blocks * 2 * GROUP, factors, whole);
        for (int b = 0; b < blocks; b++) {
            for (int v = 0; v < GROUP; v += LANES) {
                unpackBlock(
                        words, at + b * blockWords * GROUP + v, factors, whole + 2 * b * GROUP + v, b * 16 * GROUP + v);
            }
        }
    }

    private static void unpackBlock(int[] words, int from, float[] factors, int whole, int to) {
        FloatVector d = FloatVector.fromArray(F, factors, whole);
        FloatVector dmin = FloatVector.fromArray(F, factors, whole + GROUP);
        IntVector first = IntVector.fromArray(I, words, from);
        IntVector second = IntVector.fromArray(I, words, from + GROUP);
        IntVector third = IntVector.fromArray(I, words, from + 2 * GROUP);
        for (int g = 0; g < 4; g++) {
            int low = to + 2 * g * GROUP;
            int high = low + 8 * GROUP;
            first.and(63)
                    .convert(VectorOperators.I2F, 0)
                    .reinterpretAsFloats()
                    .mul(d)
                    .intoArray(factors, low);
            second.and(63)
                    .convert(VectorOperators.I2F, 0)
                    .reinterpretAsFloats()
                    .mul(dmin)
                    .neg()
                    .intoArray(factors, low + GROUP);
            third.and(15)
                    .or(first.lanewise(VectorOperators.LSHR, 2).and(48))
                    .convert(VectorOperators.I2F, 0)
                    .reinterpretAsFloats()
                    .mul(d)
                    .intoArray(factors, high);
            third.lanewise(VectorOperators.LSHR, 4)
                    .and(15)
                    .or(second.lanewise(VectorOperators.LSHR, 2).and(48))
                    .convert(VectorOperators.I2F, 0)
                    .reinterpretAsFloats()
                    .mul(dmin)
                    .neg()
                    .intoArray(factors, high + GROUP);
            first = first.lanewise(VectorOperators.LSHR, 8);
            second = second.lanewise(VectorOperators.LSHR, 8);
            third = third.lanewise(VectorOperators.LSHR, 8);
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 32; g++) {
                int from = at + (3 + g * 4) * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, 2 * g * GROUP + v);
                FloatVector m = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (g * 8 + 2 * i + n) * GROUP + v;
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
        for (int g = 0; g < columns / 32; g++) {
            int from = at + (3 + g * 4) * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, 2 * g * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, 2 * g * GROUP + LANES);
            FloatVector t0 = s0.mul(0x1p-8f);
            FloatVector t1 = s1.mul(0x1p-8f);
            FloatVector m0 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP);
            FloatVector m1 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    int k = xAt + g * 32 + 8 * i + 4 * n;
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
        FloatVector.fromArray(F, out, outAt).add(a0.add(b0).add(c0.add(d0))).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1.add(b1).add(c1.add(d1)))
                .intoArray(out, outAt + LANES);
    }
}
