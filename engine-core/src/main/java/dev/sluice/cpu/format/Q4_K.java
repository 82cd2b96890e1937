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

    /** Behind the scales, words and factors are those of this format. */
    private static final Q4_1 ARRANGED = new Q4_1();

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
        unpack(words, at, heads, headAt, factors);
    }

    /**
     * For each of the eight groups of a block its scale, then its minimum negated, both times the block's, from the three words
     * of scales; serves {@link Q5_K} too.
     */
    static void unpack(int[] words, int at, short[] heads, int headAt, float[] factors) {
        int whole = 16 * GROUP; // behind the factors there is room for d and dmin of the block
        Lanes.halves(heads, headAt, 2 * GROUP, factors, whole);
        for (int v = 0; v < GROUP; v += LANES) {
            unpackLanes(words, at + v, factors, whole + v, v);
        }
    }

    private static void unpackLanes(int[] words, int from, float[] factors, int whole, int to) {
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
        ARRANGED.decodePanel(words, at + 3 * GROUP, factors, columns, out, outAt);
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        ARRANGED.dot(words, at + 3 * GROUP, factors, columns, x, xAt, out, outAt);
    }

    @Override
    public int mostRows() {
        return 8;
    }

    @Override
    public void dotFour(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        ARRANGED.dotFour(words, at + 3 * GROUP, factors, columns, x, xAt, sums, sumsAt);
    }

    @Override
    public void dotEight(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        ARRANGED.dotEight(words, at + 3 * GROUP, factors, columns, x, xAt, sums, sumsAt);
    }
}
