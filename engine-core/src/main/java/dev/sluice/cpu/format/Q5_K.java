package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.GROUP;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code d f16@0, dmin f16@2, scales u8[12]@4, qh u8[32]@16, qs u8[128]@48}. As {@link Q4_K}, with bit
 * {@code i / 32} of {@code qh[i % 32]} as the fifth bit of {@code q}.
 */
final class Q5_K extends BlockFormat implements LaneFormat {

    /** Behind the scales, words and factors are those of this format. */
    private static final Q5_1 ARRANGED = new Q5_1();

    Q5_K() {
        super(TensorType.Q5_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float dmin = f16(data, block + 2);
        long qh = block + 16;
        for (int g = 0; g < 8; g++) {
            float scale = d * Q4_K.scale(data, block + 4, g);
            float min = dmin * Q4_K.min(data, block + 4, g);
            long qs = block + 48 + 32 * (g / 2);
            int shift = 4 * (g % 2);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                int bit = u8(data, qh + i) >> g & 1;
                out[to + i] = scale * (u8(data, qs + i) >> shift & 15 | bit << 4) - min;
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 4).arranged(43);
    }

    /** Scales, then for each 32 columns a word with their fifth bits and four words of nibbles, eight columns each. */
    @Override
    public void arrange(int[] file, int[] words) {
        System.arraycopy(file, 0, words, 0, 3);
        for (int g = 0; g < 8; g++) {
            int to = 3 + 5 * g;
            words[to] = Planes.of(file, 3, g, 1);
            for (int i = 0; i < 4; i++) {
                words[to + 1 + i] = Planes.of(file, 11 + g / 2 * 8 + 2 * i, g % 2, 4);
            }
        }
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Q4_K.unpack(words, at, heads, headAt, factors);
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
        return 4;
    }

    @Override
    public void dotFour(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        ARRANGED.dotFour(words, at + 3 * GROUP, factors, columns, x, xAt, sums, sumsAt);
    }
}
