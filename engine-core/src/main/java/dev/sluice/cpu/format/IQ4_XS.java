package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.IQ4_NL.FOURS;
import static dev.sluice.cpu.format.IQ4_NL.TABLE;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.half;
import static dev.sluice.cpu.format.Lanes.ints;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code d f16@0, scales_h u16@2, scales_l u8[4]@4, qs u8[128]@8}. With {@code g = i / 32},
 * {@code y[i] = d * (scale(g) - 32) * VALUES[q]}, values of {@link IQ4_NL}; the nibbles {@code q} of each 32 elements are
 * those of 16 bytes of {@code qs} as in {@link Q4_0}. A scale has its low four bits in nibble {@code g % 2} of
 * {@code scales_l[g / 2]} and its high two bits at {@code 2g} of {@code scales_h}.
 */
final class IQ4_XS extends BlockFormat implements LaneFormat {

    IQ4_XS() {
        super(TensorType.IQ4_XS);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        int scalesHigh = u16(data, block + 2);
        for (int g = 0; g < 8; g++) {
            int low = u8(data, block + 4 + g / 2) >> 4 * (g % 2) & 15;
            int high = scalesHigh >> 2 * g & 3;
            float scale = d * ((low | high << 4) - 32);
            long qs = block + 8 + 16 * g;
            int to = at + 32 * g;
            for (int i = 0; i < 16; i++) {
                int q = u8(data, qs + i);
                out[to + i] = scale * IQ4_NL.VALUES[q & 15];
                out[to + 16 + i] = scale * IQ4_NL.VALUES[q >> 4];
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 4).arranged(33);
    }

    /** Scales, then for each 32 columns four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        words[0] = file[0];
        for (int i = 0; i < 32; i++) {
            words[1 + i] = Planes.of(file, 1 + i / 4 * 4 + 2 * (i % 2), i % 4 / 2, 4);
        }
    }

    /** For each 32 columns their scale times that of the block. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 256; b++) {
                FloatVector d = half(ints(heads, headAt + 2 * b * GROUP + v));
                IntVector high = ints(heads, headAt + (2 * b + 1) * GROUP + v);
                IntVector low = IntVector.fromArray(I, words, at + b * 33 * GROUP + v);
                for (int g = 0; g < 8; g++) {
                    low.and(15)
                            .or(high.and(3).lanewise(VectorOperators.LSHL, 4))
                            .sub(32)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d)
                            .intoArray(factors, (b * 8 + g) * GROUP + v);
                    low = low.lanewise(VectorOperators.LSHR, 4);
                    high = high.lanewise(VectorOperators.LSHR, 2);
                }
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 32; g++) {
                int from = at + (1 + g * 4) * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, g * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (g * 8 + 2 * i + n) * GROUP + v;
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
        for (int g = 0; g < columns / 32; g++) {
            int from = at + (1 + g * 4) * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, g * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    int k = xAt + g * 32 + 8 * i + 4 * n;
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
