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
        return Layout.headed(type(), 4);
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        unpack(words, at, 35, heads, headAt, columns, factors);
    }

    /**
     * For each of the eight groups of a block its scale, then its minimum, both times the block's; serves {@link Q5_K} too.
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
                    .intoArray(factors, high + GROUP);
            first = first.lanewise(VectorOperators.LSHR, 8);
            second = second.lanewise(VectorOperators.LSHR, 8);
            third = third.lanewise(VectorOperators.LSHR, 8);
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 32; g++) {
                int from = at + g / 8 * 35 * GROUP + v;
                FloatVector scale = FloatVector.fromArray(F, factors, 2 * g * GROUP + v);
                FloatVector min = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + v);
                for (int i = 0; i < 8; i++) {
                    IntVector q = IntVector.fromArray(I, words, from + (3 + g % 8 / 2 * 8 + i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 2 * 4);
                    int to = outAt + (g * 32 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(15)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(scale)
                                .sub(min)
                                .intoArray(out, to + j * GROUP);
                        q = q.lanewise(VectorOperators.LSHR, 8);
                    }
                }
            }
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        for (int g = 0; g < columns / 32; g++) {
            int from = at + g / 8 * 35 * GROUP;
            FloatVector scale0 = FloatVector.fromArray(F, factors, 2 * g * GROUP);
            FloatVector scale1 = FloatVector.fromArray(F, factors, 2 * g * GROUP + LANES);
            FloatVector min0 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP);
            FloatVector min1 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + LANES);
            for (int i = 0; i < 8; i++) {
                int qs = from + (3 + g % 8 / 2 * 8 + i) * GROUP;
                IntVector q0 = IntVector.fromArray(I, words, qs).lanewise(VectorOperators.LSHR, g % 2 * 4);
                IntVector q1 = IntVector.fromArray(I, words, qs + LANES).lanewise(VectorOperators.LSHR, g % 2 * 4);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 32 + 4 * i + j]);
                    sum0 = q0.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale0)
                            .sub(min0)
                            .fma(xk, sum0);
                    sum1 = q1.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale1)
                            .sub(min1)
                            .fma(xk, sum1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 8);
                    q1 = q1.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
