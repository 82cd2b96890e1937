package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.MXFP4.FOURS;
import static dev.sluice.cpu.format.MXFP4.TABLE;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 64 elements: {@code d u8[4]@0, qs u8[32]@4}; {@code d} are unsigned E4M3, one per 16 elements. With {@code s = i / 16},
 * the low nibbles of {@code qs[8s .. 8s+7]} are the first eight elements of the sixteen, the high nibbles the rest.
 * {@code y[i] = d[s] / 2 * VALUES[q]}, values of {@link MXFP4}.
 *
 * <p>The factor that goes with a whole NVFP4 tensor lives in a tensor of its own and is not applied here.
 */
final class NVFP4 extends BlockFormat implements LaneFormat {

    /** Half of each E4M3 value, as the values are doubled. */
    private static final float[] SCALES = scales();

    NVFP4() {
        super(TensorType.NVFP4);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        for (int s = 0; s < 4; s++) {
            float d = SCALES[u8(data, block + s)];
            long qs = block + 4 + 8 * s;
            int to = at + 16 * s;
            for (int i = 0; i < 8; i++) {
                int q = u8(data, qs + i);
                out[to + i] = d * MXFP4.VALUES[q & 15];
                out[to + 8 + i] = d * MXFP4.VALUES[q >> 4];
            }
        }
    }

    /** The sign bit is ignored; 0x7f, which is NaN in E4M3, stands for zero. */
    private static float[] scales() {
        float[] scales = new float[256];
        for (int x = 0; x < 256; x++) {
            int e = x >> 3 & 15;
            int m = x & 7;
            float value = e == 0 ? Math.scalb((float) m, -9) : Math.scalb(1 + m / 8f, e - 7);
            scales[x] = x == 0x7f ? 0 : value / 2;
        }
        return scales;
    }

    /** For each sixteen columns their scale. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 64; b++) {
                IntVector d = IntVector.fromArray(I, words, at + b * 9 * GROUP + v);
                for (int s = 0; s < 4; s++) {
                    scales(d.and(0xff)).intoArray(factors, (b * 4 + s) * GROUP + v);
                    d = d.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int s = 0; s < columns / 16; s++) {
                int from = at + (s / 4 * 9 + 1 + s % 4 * 2) * GROUP + v;
                int to = outAt + s * 16 * GROUP + v;
                FloatVector d = FloatVector.fromArray(F, factors, s * GROUP + v);
                for (int i = 0; i < 2; i++) {
                    IntVector q = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int j = 0; j < 4; j++) {
                        int k = 4 * i + j;
                        Levels.of(q, TABLE, FOURS).mul(d).intoArray(out, to + k * GROUP);
                        Levels.of(q.lanewise(VectorOperators.LSHR, 4), TABLE, FOURS)
                                .mul(d)
                                .intoArray(out, to + (8 + k) * GROUP);
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
        for (int s = 0; s < columns / 16; s++) {
            int from = at + (s / 4 * 9 + 1 + s % 4 * 2) * GROUP;
            FloatVector d0 = FloatVector.fromArray(F, factors, s * GROUP);
            FloatVector d1 = FloatVector.fromArray(F, factors, s * GROUP + LANES);
            for (int i = 0; i < 4; i++) { // the low nibbles of the two words, then the high ones
                IntVector q0 =
                        IntVector.fromArray(I, words, from + i % 2 * GROUP).lanewise(VectorOperators.LSHR, i / 2 * 4);
                IntVector q1 = IntVector.fromArray(I, words, from + i % 2 * GROUP + LANES)
                        .lanewise(VectorOperators.LSHR, i / 2 * 4);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + s * 16 + 4 * i + j]);
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

    /** {@link #SCALES} of bytes. Moved into place, exponent and mantissa are the float 2^120 times too small. */
    private static FloatVector scales(IntVector d) {
        return d.and(0x7f)
                .lanewise(VectorOperators.LSHL, 20)
                .reinterpretAsFloats()
                .mul(0x1p119f)
                .blend(0, d.compare(VectorOperators.EQ, 0x7f).cast(F));
    }
}
