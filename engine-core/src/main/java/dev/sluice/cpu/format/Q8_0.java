package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i8;
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
 * 32 elements: {@code d f16@0, qs i8[32]@2}. {@code y[i] = d * qs[i]}.
 */
final class Q8_0 extends BlockFormat implements LaneFormat {

    Q8_0() {
        super(TensorType.Q8_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        for (int i = 0; i < 32; i++) {
            out[at + i] = d * i8(data, block + 2 + i);
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
                FloatVector d = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 8; i++) {
                    IntVector q = IntVector.fromArray(I, words, at + (b * 8 + i) * GROUP + v);
                    int to = outAt + (b * 32 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.lanewise(VectorOperators.LSHL, 24 - 8 * (j))
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(d)
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
        for (int b = 0; b < columns / 32; b++) {
            FloatVector d0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector d1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            for (int i = 0; i < 8; i++) {
                int from = at + (b * 8 + i) * GROUP;
                IntVector q0 = IntVector.fromArray(I, words, from);
                IntVector q1 = IntVector.fromArray(I, words, from + LANES);
                int k = xAt + b * 32 + 4 * i;
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[k + j]);
                    sum0 = q0.lanewise(VectorOperators.LSHL, 24 - 8 * (j))
                            .lanewise(VectorOperators.ASHR, 24)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d0)
                            .fma(xk, sum0);
                    sum1 = q1.lanewise(VectorOperators.LSHL, 24 - 8 * (j))
                            .lanewise(VectorOperators.ASHR, 24)
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
