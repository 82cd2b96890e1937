package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
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
 * 256 elements: {@code qs u8[64]@0, d f16@64}. {@code y[i] = d * (q - 1)} with {@code q} as in {@link Q2_K}. Quantizers
 * write {@code q} of 0 to 2 only; 3 decodes like any other.
 */
final class TQ2_0 extends BlockFormat implements LaneFormat {

    TQ2_0() {
        super(TensorType.TQ2_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 64);
        for (int g = 0; g < 8; g++) {
            long qs = block + 32 * (g / 4);
            int shift = 2 * (g % 4);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                out[to + i] = d * ((u8(data, qs + i) >> shift & 3) - 1);
            }
        }
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns / 256 * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 32; g++) {
                int from = at + g / 4 * 8 * GROUP + v;
                FloatVector d = FloatVector.fromArray(F, factors, g / 8 * GROUP + v);
                for (int i = 0; i < 8; i++) {
                    IntVector q =
                            IntVector.fromArray(I, words, from + i * GROUP).lanewise(VectorOperators.LSHR, g % 4 * 2);
                    int to = outAt + (g * 32 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(3)
                                .sub(1)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(d)
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
            int from = at + g / 4 * 8 * GROUP;
            FloatVector d0 = FloatVector.fromArray(F, factors, g / 8 * GROUP);
            FloatVector d1 = FloatVector.fromArray(F, factors, g / 8 * GROUP + LANES);
            for (int i = 0; i < 8; i++) {
                int qs = from + i * GROUP;
                IntVector q0 = IntVector.fromArray(I, words, qs).lanewise(VectorOperators.LSHR, g % 4 * 2);
                IntVector q1 = IntVector.fromArray(I, words, qs + LANES).lanewise(VectorOperators.LSHR, g % 4 * 2);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + g * 32 + 4 * i + j]);
                    sum0 = q0.and(3)
                            .sub(1)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d0)
                            .fma(xk, sum0);
                    sum1 = q1.and(3)
                            .sub(1)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d1)
                            .fma(xk, sum1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 8);
                    q1 = q1.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
