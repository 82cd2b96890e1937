package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.half;
import static dev.sluice.cpu.format.Lanes.ints;
import static dev.sluice.cpu.format.Lanes.shr;
import static dev.sluice.cpu.format.Lanes.toFloat;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * 256 elements: {@code d f16@0, dmin f16@2, scales u8[12]@4, qs u8[128]@16}. With {@code g = i / 32},
 * {@code y[i] = d * scale(g) * q - dmin * min(g)}, where {@code q} is nibble {@code g % 2} of
 * {@code qs[32 * (i / 64) + i % 32]}.
 */
final class Q4_K extends BlockFormat implements LaneFormat {

    Q4_K() {
        super(TensorType.Q4_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float dmin = f16(data, block + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(data, block + 4, g);
            float min = dmin * min(data, block + 4, g);
            long qs = block + 16 + 32 * (g / 2);
            int shift = 4 * (g % 2);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                out[to + i] = scale * (u8(data, qs + i) >> shift & 15) - min;
            }
        }
    }

    /** The six-bit scale of group {@code g}; the twelve bytes at {@code scales} also serve {@link Q5_K}. */
    static int scale(MemorySegment data, long scales, int g) {
        return g < 4 ? u8(data, scales + g) & 63 : (u8(data, scales + 4 + g) & 15) | u8(data, scales + g - 4) >> 6 << 4;
    }

    /** The six-bit minimum of group {@code g}. */
    static int min(MemorySegment data, long scales, int g) {
        return g < 4 ? u8(data, scales + 4 + g) & 63 : u8(data, scales + 4 + g) >> 4 | u8(data, scales + g) >> 6 << 4;
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int b = 0; b < columns / 256; b++) {
            unpackBlock(words, at + b * 36 * GROUP, factors, b * 16 * GROUP);
        }
    }

    /** For each of the eight groups of a block its scale, then its minimum, both times the block's; serves {@link Q5_K} too. */
    static void unpackBlock(int[] words, int block, float[] factors, int to) {
        for (int v = 0; v < GROUP; v += LANES) {
            IntVector dm = ints(words, block + v);
            FloatVector d = half(dm);
            FloatVector dmin = half(shr(dm, 16));
            for (int g = 0; g < 8; g++) {
                toFloat(scales(words, block + v, g)).mul(d).intoArray(factors, to + 2 * g * GROUP + v);
                toFloat(mins(words, block + v, g)).mul(dmin).intoArray(factors, to + (2 * g + 1) * GROUP + v);
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 32; g++) {
                int from = at + g / 8 * 36 * GROUP + v;
                FloatVector scale = FloatVector.fromArray(F, factors, 2 * g * GROUP + v);
                FloatVector min = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + v);
                for (int i = 0; i < 8; i++) {
                    IntVector q = shr(ints(words, from + (4 + g % 8 / 2 * 8 + i) * GROUP), g % 2 * 4);
                    int to = outAt + (g * 32 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        toFloat(q.and(15)).mul(scale).sub(min).intoArray(out, to + j * GROUP);
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
        for (int g = 0; g < columns / 32; g++) {
            int from = at + g / 8 * 36 * GROUP;
            FloatVector scale0 = FloatVector.fromArray(F, factors, 2 * g * GROUP);
            FloatVector scale1 = FloatVector.fromArray(F, factors, 2 * g * GROUP + LANES);
            FloatVector min0 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP);
            FloatVector min1 = FloatVector.fromArray(F, factors, (2 * g + 1) * GROUP + LANES);
            for (int i = 0; i < 8; i++) {
                int qs = from + (4 + g % 8 / 2 * 8 + i) * GROUP;
                IntVector q0 = shr(ints(words, qs), g % 2 * 4);
                IntVector q1 = shr(ints(words, qs + LANES), g % 2 * 4);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 32 + 4 * i + j]);
                    sum0 = toFloat(q0.and(15)).mul(scale0).sub(min0).fma(xk, sum0);
                    sum1 = toFloat(q1.and(15)).mul(scale1).sub(min1).fma(xk, sum1);
                    q0 = shr(q0, 8);
                    q1 = shr(q1, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }

    /** The scales of group {@code g} of a block at {@code from}, as integers. */
    private static IntVector scales(int[] words, int from, int g) {
        IntVector first = shr(ints(words, from + GROUP), 8 * (g % 4));
        return g < 4
                ? first.and(63)
                : shr(ints(words, from + 3 * GROUP), 8 * (g % 4))
                        .and(15)
                        .or(shr(first, 2).and(48));
    }

    /** The minima of group {@code g}, as integers. */
    private static IntVector mins(int[] words, int from, int g) {
        IntVector second = shr(ints(words, from + 2 * GROUP), 8 * (g % 4));
        return g < 4
                ? second.and(63)
                : shr(ints(words, from + 3 * GROUP), 8 * (g % 4) + 4)
                        .and(15)
                        .or(shr(second, 2).and(48));
    }
}
