package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.GROUP;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code d f16@0, qs u8[16]@2}. {@code y[i] = d * VALUES[q]}, nibbles {@code q} as in {@link Q4_0}.
 */
final class IQ4_NL extends BlockFormat implements LaneFormat {

    /** The sixteen non-linear levels, also those of {@link IQ4_XS}. */
    static final float[] VALUES = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    static final int[] TABLE = Levels.table(VALUES);
    static final int[] FOURS = Levels.fours(VALUES);

    IQ4_NL() {
        super(TensorType.IQ4_NL);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 2 + i);
            out[at + i] = d * VALUES[q & 15];
            out[at + 16 + i] = d * VALUES[q >> 4];
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 2).arranged(4);
    }

    /** Four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        Planes.nibbles(file, 0, words, 0);
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns / 32 * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        Levels.decodePanel(words, at, factors, columns, TABLE, FOURS, out, outAt);
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        Levels.dot(words, at, factors, columns, TABLE, FOURS, x, xAt, out, outAt);
    }
}
