package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
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
        return Layout.headed(type(), 1);
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int i = 0; i < columns / 32 * GROUP; i += LANES) {
            scales(ints(heads, headAt + i)).intoArray(factors, i);
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 32; b++) {
                int from = at + b * 4 * GROUP + v;
                int to = outAt + b * 32 * GROUP + v;
                FloatVector d = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector q = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int j = 0; j < 4; j++) {
                        int k = 4 * i + j;
                        Levels.of(q, TABLE, FOURS).mul(d).intoArray(out, to + k * GROUP);
                        Levels.of(q.lanewise(VectorOperators.LSHR, 4), TABLE, FOURS)
                                .mul(d)
                                .intoArray(out, to + (16 + k) * GROUP);
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
        for (int b = 0; b < columns / 32; b++) {
            int from = at + b * 4 * GROUP;
            FloatVector d0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector d1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            for (int i = 0; i < 8; i++) { // the low nibbles of the four words, then the high ones
                IntVector q0 =
                        IntVector.fromArray(I, words, from + i % 4 * GROUP).lanewise(VectorOperators.LSHR, i / 4 * 4);
                IntVector q1 = IntVector.fromArray(I, words, from + i % 4 * GROUP + LANES)
                        .lanewise(VectorOperators.LSHR, i / 4 * 4);
                for (int j = 0; j < 4; j++) {
                    int k = 4 * i + j;
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + b * 32 + k]);
                    sum0 = Levels.of(q0, TABLE, FOURS).mul(d0).fma(xk, sum0);
                    sum1 = Levels.of(q1, TABLE, FOURS).mul(d1).fma(xk, sum1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 8);
                    q1 = q1.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }

    private static FloatVector scales(IntVector e) {
        IntVector normal = e.sub(1).lanewise(VectorOperators.LSHL, 23);
        IntVector subnormal = IntVector.broadcast(I, 0x00200000).lanewise(VectorOperators.LSHL, e.and(1));
        return normal.blend(subnormal, e.compare(VectorOperators.LT, 2)).reinterpretAsFloats();
    }
}
