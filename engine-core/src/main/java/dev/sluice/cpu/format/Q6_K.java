package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i8;
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
 * 256 elements: {@code ql u8[128]@0, qh u8[64]@128, scales i8[16]@192, d f16@208}.
 * {@code y[i] = d * scales[i / 16] * (q - 32)}. With {@code h = i / 128}, {@code j = i % 128 / 32}, {@code l = i % 32}, the
 * low four bits of {@code q} are nibble {@code j / 2} of {@code ql[64h + 32 * (j % 2) + l]} and the high two are
 * {@code qh[32h + l] >> 2j & 3}.
 */
final class Q6_K extends BlockFormat implements LaneFormat {

    private static final List<Integer> ORDER = order();

    Q6_K() {
        super(TensorType.Q6_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 208);
        for (int g = 0; g < 16; g++) {
            float scale = d * i8(data, block + 192 + g);
            int j = g % 8 / 2;
            long ql = block + 64 * (g / 8) + 32 * (j % 2) + 16 * (g % 2);
            long qh = block + 128 + 32 * (g / 8) + 16 * (g % 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                int low = u8(data, ql + i) >> 4 * (j / 2) & 15;
                int high = u8(data, qh + i) >> 2 * j & 3;
                out[to + i] = scale * ((low | high << 4) - 32);
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
                for (int g = 0; g < 16; g++) {
                    IntVector scales = IntVector.fromArray(I, words, at + (b * 52 + g / 4) * GROUP + v);
                    d.mul(scales.lanewise(VectorOperators.LSHL, 24 - 8 * (g % 4))
                                    .lanewise(VectorOperators.ASHR, 24)
                                    .convert(VectorOperators.I2F, 0)
                                    .reinterpretAsFloats())
                            .intoArray(factors, (b * 16 + g) * GROUP + v);
                }
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + g / 16 * 52 * GROUP + v;
                FloatVector scale = FloatVector.fromArray(F, factors, g * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    // Four columns at once, one in each byte: six bits, the highest turned so that they are q - 32.
                    IntVector high = IntVector.fromArray(I, words, from + high(g % 16, i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 8 / 2 * 2);
                    IntVector q = IntVector.fromArray(I, words, from + low(g % 16, i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 8 / 4 * 4)
                            .and(0x0f0f0f0f)
                            .or(high.lanewise(VectorOperators.LSHL, 4).and(0x30303030))
                            .lanewise(VectorOperators.XOR, 0x20202020);
                    int to = outAt + (g * 16 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.lanewise(VectorOperators.LSHL, 26 - 8 * j)
                                .lanewise(VectorOperators.ASHR, 26)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(scale)
                                .intoArray(out, to + j * GROUP);
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
            int from = at + g / 16 * 52 * GROUP;
            FloatVector scale0 = FloatVector.fromArray(F, factors, g * GROUP);
            FloatVector scale1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
            int low = from + low(g % 16, 0) * GROUP;
            int lowStep = (low(g % 16, 1) - low(g % 16, 0)) * GROUP;
            int high = from + high(g % 16, 0) * GROUP;
            for (int i = 0; i < 4; i++) {
                int ql = low + i * lowStep;
                int qh = high + 2 * i * GROUP;
                IntVector high0 = IntVector.fromArray(I, words, qh).lanewise(VectorOperators.LSHR, g % 8 / 2 * 2);
                IntVector q0 = IntVector.fromArray(I, words, ql)
                        .lanewise(VectorOperators.LSHR, g % 8 / 4 * 4)
                        .and(0x0f0f0f0f)
                        .or(high0.lanewise(VectorOperators.LSHL, 4).and(0x30303030))
                        .lanewise(VectorOperators.XOR, 0x20202020);
                IntVector high1 =
                        IntVector.fromArray(I, words, qh + LANES).lanewise(VectorOperators.LSHR, g % 8 / 2 * 2);
                IntVector q1 = IntVector.fromArray(I, words, ql + LANES)
                        .lanewise(VectorOperators.LSHR, g % 8 / 4 * 4)
                        .and(0x0f0f0f0f)
                        .or(high1.lanewise(VectorOperators.LSHL, 4).and(0x30303030))
                        .lanewise(VectorOperators.XOR, 0x20202020);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 16 + 4 * i + j]);
                    sum0 = q0.lanewise(VectorOperators.LSHL, 26 - 8 * j)
                            .lanewise(VectorOperators.ASHR, 26)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale0)
                            .fma(xk, sum0);
                    sum1 = q1.lanewise(VectorOperators.LSHL, 26 - 8 * j)
                            .lanewise(VectorOperators.ASHR, 26)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale1)
                            .fma(xk, sum1);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }

    /** Word of {@code ql} of four of the sixteen columns {@code g}. */
    private static int low(int g, int i) {
        int t = g % 4;
        return halfBlock(g) + (t < 2 ? 8 * t + 2 * i : 8 + 4 * t + i);
    }

    /** Word of {@code qh} of the same. */
    private static int high(int g, int i) {
        return halfBlock(g) + 8 * (g % 2) + 2 * i + 1;
    }

    /** First word of the half of a block that holds these columns; the scales are before both. */
    private static int halfBlock(int g) {
        return 4 + g / 8 * 24;
    }

    /** Scales, then for each half of the block its words as the columns need them. */
    private static List<Integer> order() {
        Integer[] order = new Integer[52];
        for (int i = 0; i < 4; i++) {
            order[i] = 48 + i;
            for (int g = 0; g < 16; g++) {
                order[low(g, i)] = g / 8 * 16 + g % 4 * 4 + i;
                order[high(g, i)] = 32 + g / 8 * 8 + g % 2 * 4 + i;
            }
        }
        return List.of(order);
    }
}
