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
        return Layout.headed(type(), 2).arranged(4);
    }

    /** Four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        for (int i = 0; i < 4; i++) {
            words[i] = Planes.of(file, 2 * (i % 2), i / 2, 4);
        }
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns / 32 * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 32; b++) {
                int from = at + b * 4 * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (b * 8 + 2 * i + n) * GROUP + v;
                        for (int j = 0; j < 4; j++) {
                            Levels.of(q, TABLE, FOURS).mul(s).intoArray(out, to + j * chain);
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
        for (int b = 0; b < columns / 32; b++) {
            int from = at + b * 4 * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    int k = xAt + b * 32 + 8 * i + 4 * n;
                    for (int j = 0; j < 4; j++) { // the chains change places, so that one call serves all
                        FloatVector xk = FloatVector.broadcast(F, x[k + j]);
                        a0 = Levels.of(q0, TABLE, FOURS).mul(s0).fma(xk, a0);
                        a1 = Levels.of(q1, TABLE, FOURS).mul(s1).fma(xk, a1);
                        q0 = q0.lanewise(VectorOperators.LSHR, 8);
                        q1 = q1.lanewise(VectorOperators.LSHR, 8);
                        FloatVector first0 = a0;
                        a0 = b0;
                        b0 = c0;
                        c0 = d0;
                        d0 = first0;
                        FloatVector first1 = a1;
                        a1 = b1;
                        b1 = c1;
                        c1 = d1;
                        d1 = first1;
                    }
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(a0.add(b0).add(c0.add(d0))).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1.add(b1).add(c1.add(d1)))
                .intoArray(out, outAt + LANES);
    }
}
