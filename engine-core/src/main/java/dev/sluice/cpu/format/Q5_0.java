package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i32;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.ints;
import static dev.sluice.cpu.format.Lanes.shr;
import static dev.sluice.cpu.format.Lanes.toFloat;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 32 elements: {@code d f16@0, qh u32@2, qs u8[16]@6}. {@code y[i] = d * (q - 16)}; the low four bits of {@code q} are
 * the nibbles as in {@link Q4_0}, the fifth is bit {@code i} of {@code qh}.
 */
final class Q5_0 extends BlockFormat implements LaneFormat {

    Q5_0() {
        super(TensorType.Q5_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        int qh = i32(data, block + 2);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 6 + i);
            int low = (q & 15) | (qh >>> i & 1) << 4;
            int high = q >> 4 | (qh >>> (i + 16) & 1) << 4;
            out[at + i] = d * (low - 16);
            out[at + 16 + i] = d * (high - 16);
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
                int from = at + b * 5 * GROUP + v;
                int to = outAt + b * 32 * GROUP + v;
                FloatVector d = FloatVector.fromArray(F, factors, b * GROUP + v);
                IntVector high = ints(words, from);
                for (int i = 0; i < 4; i++) {
                    IntVector q = ints(words, from + (1 + i) * GROUP);
                    for (int j = 0; j < 4; j++) {
                        int k = 4 * i + j;
                        toFloat(fifth(q, high, k).sub(16)).mul(d).intoArray(out, to + k * GROUP);
                        toFloat(fifth(shr(q, 4), high, 16 + k).sub(16)).mul(d).intoArray(out, to + (16 + k) * GROUP);
                        q = shr(q, 8);
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
            int from = at + b * 5 * GROUP;
            FloatVector d0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector d1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            IntVector high0 = ints(words, from);
            IntVector high1 = ints(words, from + LANES);
            for (int i = 0; i < 8; i++) { // the low nibbles of the four words, then the high ones
                IntVector q0 = shr(ints(words, from + (1 + i % 4) * GROUP), i / 4 * 4);
                IntVector q1 = shr(ints(words, from + (1 + i % 4) * GROUP + LANES), i / 4 * 4);
                for (int j = 0; j < 4; j++) {
                    int k = 4 * i + j;
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + b * 32 + k]);
                    sum0 = toFloat(fifth(q0, high0, k).sub(16)).mul(d0).fma(xk, sum0);
                    sum1 = toFloat(fifth(q1, high1, k).sub(16)).mul(d1).fma(xk, sum1);
                    q0 = shr(q0, 8);
                    q1 = shr(q1, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }

    /** Nibbles with bit {@code k} of {@code high} as their fifth bit. */
    static IntVector fifth(IntVector nibbles, IntVector high, int k) {
        return nibbles.and(15).or(shr(high, k).and(1).lanewise(VectorOperators.LSHL, 4));
    }
}
