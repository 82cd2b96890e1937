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

    @Override
    public Layout layout() {
        return Layout.of(type()).arranged(9);
    }

    /** Scales, then eight words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        words[0] = file[0];
        for (int i = 0; i < 8; i++) {
            words[1 + i] = Planes.of(file, 1 + i / 2 * 2, i % 2, 4);
        }
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
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + (g / 4 * 9 + 1 + g % 4 * 2) * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, g * GROUP + v);
                for (int i = 0; i < 2; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (g * 4 + 2 * i + n) * GROUP + v;
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
        for (int g = 0; g < columns / 16; g++) {
            int from = at + (g / 4 * 9 + 1 + g % 4 * 2) * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, g * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
            for (int i = 0; i < 2; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    int k = xAt + g * 16 + 8 * i + 4 * n;
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
        FloatVector.fromArray(F, out, outAt).add(a0).add(b0).add(c0).add(d0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1)
                .add(b1)
                .add(c1)
                .add(d1)
                .intoArray(out, outAt + LANES);
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
