package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.ints;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 32 elements: {@code e u8@0, qs u8[16]@1}. {@code y[i] = 2^(e-128) * VALUES[q]}, nibbles {@code q} as in {@link Q4_0}.
 */
final class MXFP4 extends BlockFormat implements LaneFormat {

    /** The E2M1 values doubled, so that they are whole; the scale is halved for it. Also those of {@link NVFP4}. */
    static final float[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    static final int[] TABLE = Levels.table(VALUES);
    static final int[] FOURS = Levels.fours(VALUES);

    MXFP4() {
        super(TensorType.MXFP4);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = scale(u8(data, block));
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 1 + i);
            out[at + i] = d * VALUES[q & 15];
            out[at + 16 + i] = d * VALUES[q >> 4];
        }
    }

    /** {@code 2^(e-128)}, built from its bits: subnormal for {@code e} of 0 and 1. */
    private static float scale(int e) {
        return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : (e - 1) << 23);
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 1).arranged(4);
    }

    /** Four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        Planes.nibbles(file, 0, words, 0);
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int i = 0; i < columns / 32 * GROUP; i += LANES) {
            scales(ints(heads, headAt + i)).intoArray(factors, i);
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        Levels.decodePanel(words, at, factors, columns, TABLE, FOURS, out, outAt);
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        Levels.dot(words, at, factors, columns, TABLE, FOURS, x, xAt, out, outAt);
    }

    private static FloatVector scales(IntVector e) {
        IntVector normal = e.sub(1).lanewise(VectorOperators.LSHL, 23);
        IntVector subnormal = IntVector.broadcast(I, 0x00200000).lanewise(VectorOperators.LSHL, e.and(1));
        return normal.blend(subnormal, e.compare(VectorOperators.LT, 2)).reinterpretAsFloats();
    }
}
