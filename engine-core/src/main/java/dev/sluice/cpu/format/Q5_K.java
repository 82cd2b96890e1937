package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code d f16@0, dmin f16@2, scales u8[12]@4, qh u8[32]@16, qs u8[128]@48}. As {@link Q4_K}, with bit
 * {@code i / 32} of {@code qh[i % 32]} as the fifth bit of {@code q}.
 */
final class Q5_K extends BlockFormat implements LaneFormat {

    private static final List<Integer> ORDER = order();

    Q5_K() {
        super(TensorType.Q5_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float dmin = f16(data, block + 2);
        long qh = block + 16;
        for (int g = 0; g < 8; g++) {
            float scale = d * Q4_K.scale(data, block + 4, g);
            float min = dmin * Q4_K.min(data, block + 4, g);
            long qs = block + 48 + 32 * (g / 2);
            int shift = 4 * (g % 2);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                int bit = u8(data, qh + i) >> g & 1;
                out[to + i] = scale * (u8(data, qs + i) >> shift & 15 | bit << 4) - min;
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 4).ordered(ORDER);
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Q4_K.unpack(words, at, 43, heads, headAt, columns, factors);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 32; g++) {
                int from = at + g / 8 * 43 * GROUP + v;
                FloatVector scale = FloatVector.fromArray(F, factors, 2 * g * GROUP + v);
                FloatVector min = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + v);
                for (int i = 0; i < 8; i++) {
                    // Four columns at once, one in each byte.
                    IntVector high = IntVector.fromArray(I, words, from + high(i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 8);
                    IntVector q = IntVector.fromArray(I, words, from + low(g, i) * GROUP)
                            .lanewise(VectorOperators.LSHR, g % 2 * 4)
                            .and(0x0f0f0f0f)
                            .or(high.lanewise(VectorOperators.LSHL, 4).and(0x10101010));
                    int to = outAt + (g * 32 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(31)
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
        for (int g = 0; g < columns / 32; g++) {
            int from = at + g / 8 * 43 * GROUP;
            FloatVector scale0 = FloatVector.fromArray(F, factors, 2 * g * GROUP);
            FloatVector scale1 = FloatVector.fromArray(F, factors, 2 * g * GROUP + LANES);
            FloatVector min0 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP);
            FloatVector min1 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + LANES);
            for (int i = 0; i < 8; i++) {
                int qs = from + low(g, i) * GROUP;
                int qh = from + high(i) * GROUP;
                IntVector high0 = IntVector.fromArray(I, words, qh).lanewise(VectorOperators.LSHR, g % 8);
                IntVector q0 = IntVector.fromArray(I, words, qs)
                        .lanewise(VectorOperators.LSHR, g % 2 * 4)
                        .and(0x0f0f0f0f)
                        .or(high0.lanewise(VectorOperators.LSHL, 4).and(0x10101010));
                IntVector high1 = IntVector.fromArray(I, words, qh + LANES).lanewise(VectorOperators.LSHR, g % 8);
                IntVector q1 = IntVector.fromArray(I, words, qs + LANES)
                        .lanewise(VectorOperators.LSHR, g % 2 * 4)
                        .and(0x0f0f0f0f)
                        .or(high1.lanewise(VectorOperators.LSHL, 4).and(0x10101010));
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 32 + 4 * i + j]);
                    sum0 = q0.and(31)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(scale0)
                            .sub(min0)
                            .fma(xk, sum0);
                    sum1 = q1.and(31)
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

    /** Word of {@code qs} of four of the 32 columns {@code g}. */
    private static int low(int g, int i) {
        int t = g % 8 / 2;
        return t == 0 ? 3 + 2 * i : 11 + 8 * t + i;
    }

    /** Word of {@code qh} of the same. */
    private static int high(int i) {
        return 4 + 2 * i;
    }

    /** Scales, then the words as the columns need them. */
    private static List<Integer> order() {
        Integer[] order = new Integer[43];
        for (int i = 0; i < 8; i++) {
            order[Math.min(i, 2)] = Math.min(i, 2);
            order[high(i)] = 3 + i;
            for (int g = 0; g < 8; g += 2) {
                order[low(g, i)] = 11 + g / 2 * 8 + i;
            }
        }
        return List.of(order);
    }
}
