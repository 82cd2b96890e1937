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
        return Layout.headed(type(), 2);
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns / 32 * GROUP, factors, 0);
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
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + b * 32 + 4 * i + j]);
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
}
