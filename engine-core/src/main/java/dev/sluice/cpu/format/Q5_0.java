package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i32;
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
                IntVector high = IntVector.fromArray(I, words, from);
                for (int i = 0; i < 8; i++) { // the low nibbles of the four words, then the high ones
                    // Four columns at once, one in each byte: five bits, the highest turned so that they are q - 16.
                    IntVector q = IntVector.fromArray(I, words, from + (1 + i % 4) * GROUP)
                            .lanewise(VectorOperators.LSHR, i / 4 * 4)
                            .and(0x0f0f0f0f)
                            .or(high.lanewise(VectorOperators.LSHR, 4 * i)
                                    .and(15)
                                    .mul(0x02040810)
                                    .and(0x10101010))
                            .lanewise(VectorOperators.XOR, 0x10101010);
                    for (int j = 0; j < 4; j++) {
                        q.lanewise(VectorOperators.LSHL, 27 - 8 * j)
                                .lanewise(VectorOperators.ASHR, 27)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(d)
                                .intoArray(out, to + (4 * i + j) * GROUP);
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
            IntVector high0 = IntVector.fromArray(I, words, from);
            IntVector high1 = IntVector.fromArray(I, words, from + LANES);
            for (int i = 0; i < 8; i++) { // the low nibbles of the four words, then the high ones
                // Four columns at once, one in each byte: five bits, the highest turned so that they are q - 16.
                IntVector q0 = IntVector.fromArray(I, words, from + (1 + i % 4) * GROUP)
                        .lanewise(VectorOperators.LSHR, i / 4 * 4)
                        .and(0x0f0f0f0f)
                        .or(high0.lanewise(VectorOperators.LSHR, 4 * i)
                                .and(15)
                                .mul(0x02040810)
                                .and(0x10101010))
                        .lanewise(VectorOperators.XOR, 0x10101010);
                IntVector q1 = IntVector.fromArray(I, words, from + (1 + i % 4) * GROUP + LANES)
                        .lanewise(VectorOperators.LSHR, i / 4 * 4)
                        .and(0x0f0f0f0f)
                        .or(high1.lanewise(VectorOperators.LSHR, 4 * i)
                                .and(15)
                                .mul(0x02040810)
                                .and(0x10101010))
                        .lanewise(VectorOperators.XOR, 0x10101010);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + b * 32 + 4 * i + j]);
                    sum0 = q0.lanewise(VectorOperators.LSHL, 27 - 8 * j)
                            .lanewise(VectorOperators.ASHR, 27)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d0)
                            .fma(xk, sum0);
                    sum1 = q1.lanewise(VectorOperators.LSHL, 27 - 8 * j)
                            .lanewise(VectorOperators.ASHR, 27)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d1)
                            .fma(xk, sum1);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
