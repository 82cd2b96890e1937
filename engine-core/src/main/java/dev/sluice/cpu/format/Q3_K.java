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
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code hmask u8[32]@0, qs u8[64]@32, scales u8[12]@96, d f16@108}. With {@code g = i / 16},
 * {@code y[i] = d * (scale(g) - 32) * (q - 4)}. The low two bits of {@code q} are as in {@link Q2_K}, the third is bit
 * {@code i / 32} of {@code hmask[i % 32]}. A scale has its low four bits in nibble {@code g / 8} of
 * {@code scales[g % 8]} and its high two bits at {@code 2 * (g / 4)} of {@code scales[8 + g % 4]}.
 */
final class Q3_K extends BlockFormat implements LaneFormat {

    private static final List<Integer> ORDER = order();

    Q3_K() {
        super(TensorType.Q3_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 108);
        for (int g = 0; g < 16; g++) {
            int low = u8(data, block + 96 + g % 8) >> 4 * (g / 8) & 15;
            int high = u8(data, block + 104 + g % 4) >> 2 * (g / 4) & 3;
            float scale = d * ((low | high << 4) - 32);
            long hmask = block + 16 * (g % 2);
            long qs = block + 32 + 32 * (g / 8) + 16 * (g % 2);
            int shift = 2 * (g % 8 / 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                int bit = u8(data, hmask + i) >> (g / 2) & 1;
                out[to + i] = scale * ((u8(data, qs + i) >> shift & 3 | bit << 2) - 4);
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.of(type()).ordered(ORDER);
    }

    /** For each sixteen columns their scale times that of the block. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 256; b++) {
                FloatVector d = half(ints(heads, headAt + b * GROUP + v));
                int from = at + b * 27 * GROUP + v;
                for (int g = 0; g < 16; g++) {
                    IntVector high = IntVector.fromArray(I, words, from + 2 * GROUP)
                            .lanewise(VectorOperators.LSHR, 8 * (g % 4) + 2 * (g / 4));
                    IntVector.fromArray(I, words, from + g % 8 / 4 * GROUP)
                            .lanewise(VectorOperators.LSHR, 8 * (g % 4) + 4 * (g / 8))
                            .and(15)
                            .or(high.and(3).lanewise(VectorOperators.LSHL, 4))
                            .sub(32)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d)
                            .intoArray(factors, (b * 16 + g) * GROUP + v);
                }
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + g / 16 * 27 * GROUP + v;
                FloatVector scale = FloatVector.fromArray(F, factors, g * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector high = IntVector.fromArray(I, words, from + high(g, i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 16 / 2)
                            .and(0x01010101);
                    IntVector q = IntVector.fromArray(I, words, from + low(g, i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 8 / 2 * 2)
                            .and(0x03030303)
                            .or(high.lanewise(VectorOperators.LSHL, 2));
                    int to = outAt + (g * 16 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(7)
                                .sub(4)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(scale)
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
            int from = at + g / 16 * 27 * GROUP;
            FloatVector scale0 = FloatVector.fromArray(F, factors, g * GROUP);
            FloatVector scale1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                int qh = from + high(g, i) * GROUP;
                IntVector high0 = IntVector.fromArray(I, words, qh)
                        .lanewise(VectorOperators.LSHR, g % 16 / 2)
                        .and(0x01010101);
                IntVector high1 = IntVector.fromArray(I, words, qh + LANES)
                        .lanewise(VectorOperators.LSHR, g % 16 / 2)
                        .and(0x01010101);
                int ql = from + low(g, i) * GROUP;
                IntVector q0 = IntVector.fromArray(I, words, ql)
                        .lanewise(VectorOperators.LSHR, g % 8 / 2 * 2)
                        .and(0x03030303)
                        .or(high0.lanewise(VectorOperators.LSHL, 2));
                IntVector q1 = IntVector.fromArray(I, words, ql + LANES)
                        .lanewise(VectorOperators.LSHR, g % 8 / 2 * 2)
                        .and(0x03030303)
                        .or(high1.lanewise(VectorOperators.LSHL, 2));
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 16 + 4 * i + j]);
                    sum0 = q0.and(7)
                            .sub(4)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale0)
                            .fma(xk, sum0);
                    sum1 = q1.and(7)
                            .sub(4)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale1)
                            .fma(xk, sum1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 8);
                    q1 = q1.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }

    /** Word of {@code qs} of four of the sixteen columns {@code g}. */
    private static int low(int g, int i) {
        int word = g % 2 * 4 + i;
        return g % 16 < 8 ? 3 + 2 * word : 19 + word;
    }

    /** Word of {@code hmask} of the same. */
    private static int high(int g, int i) {
        return 4 + 2 * (g % 2 * 4 + i);
    }

    /** Scales, then the words as the columns need them. */
    private static List<Integer> order() {
        Integer[] order = new Integer[27];
        for (int i = 0; i < 4; i++) {
            order[Math.min(i, 2)] = 24 + Math.min(i, 2);
            for (int g = 0; g < 16; g++) {
                order[low(g, i)] = 8 + g / 8 * 8 + g % 2 * 4 + i;
                order[high(g, i)] = g % 2 * 4 + i;
            }
        }
        return List.of(order);
    }
}
