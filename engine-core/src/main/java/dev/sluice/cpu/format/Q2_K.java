package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
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
 * 256 elements: {@code scales u8[16]@0, qs u8[64]@16, d f16@80, dmin f16@82}. With {@code g = i / 16},
 * {@code y[i] = d * (scales[g] & 15) * q - dmin * (scales[g] >> 4)}, where
 * {@code q = qs[32 * (i / 128) + i % 32] >> 2 * (i % 128 / 32) & 3}.
 */
final class Q2_K extends BlockFormat implements LaneFormat {

    Q2_K() {
        super(TensorType.Q2_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 80);
        float dmin = f16(data, block + 82);
        for (int g = 0; g < 16; g++) {
            int s = u8(data, block + g);
            float scale = d * (s & 15);
            float min = dmin * (s >> 4);
            long qs = block + 16 + 32 * (g / 8) + 16 * (g % 2);
            int shift = 2 * (g % 8 / 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                out[to + i] = scale * (u8(data, qs + i) >> shift & 3) - min;
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.tailed(type(), 4);
    }

    /** For each sixteen columns their scale, then their minimum, both times the block's. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 256; b++) {
                FloatVector d = half(ints(heads, headAt + 2 * b * GROUP + v));
                FloatVector dmin = half(ints(heads, headAt + (2 * b + 1) * GROUP + v));
                for (int g = 0; g < 16; g++) {
                    IntVector s = IntVector.fromArray(I, words, at + (b * 20 + g / 4) * GROUP + v)
                            .lanewise(VectorOperators.LSHR, 8 * (g % 4));
                    int to = 2 * (b * 16 + g) * GROUP + v;
                    s.and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d)
                            .intoArray(factors, to);
                    s.lanewise(VectorOperators.LSHR, 4)
                            .and(15)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(dmin)
                            .intoArray(factors, to + GROUP);
                }
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + word(g) * GROUP + v;
                FloatVector scale = FloatVector.fromArray(F, factors, 2 * g * GROUP + v);
                FloatVector min = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector q = IntVector.fromArray(I, words, from + i * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 8 / 2 * 2);
                    int to = outAt + (g * 16 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(3)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(scale)
                                .sub(min)
                                .intoArray(out, to + j * GROUP);
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
        for (int g = 0; g < columns / 16; g++) {
            int from = at + word(g) * GROUP;
            FloatVector scale0 = FloatVector.fromArray(F, factors, 2 * g * GROUP);
            FloatVector scale1 = FloatVector.fromArray(F, factors, 2 * g * GROUP + LANES);
            FloatVector min0 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP);
            FloatVector min1 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                int qs = from + i * GROUP;
                IntVector q0 = IntVector.fromArray(I, words, qs).lanewise(VectorOperators.LSHR, g % 8 / 2 * 2);
                IntVector q1 = IntVector.fromArray(I, words, qs + LANES).lanewise(VectorOperators.LSHR, g % 8 / 2 * 2);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 16 + 4 * i + j]);
                    sum0 = q0.and(3)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale0)
                            .sub(min0)
                            .fma(xk, sum0);
                    sum1 = q1.and(3)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale1)
                            .sub(min1)
                            .fma(xk, sum1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 8);
                    q1 = q1.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }

    /** First word of sixteen columns {@code g}; four shifts serve as many of them from the same words. */
    private static int word(int g) {
        return g / 16 * 20 + 4 + g % 16 / 8 * 8 + g % 2 * 4;
    }
}
