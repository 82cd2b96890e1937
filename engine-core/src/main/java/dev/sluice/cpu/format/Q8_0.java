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
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 32; b++) {
                FloatVector d = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 8; i++) {
                    IntVector q = IntVector.fromArray(I, words, at + (b * 8 + i) * GROUP + v);
                    int to = outAt + (b * 8 + i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.lanewise(VectorOperators.LSHL, 24 - 8 * (j))
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(d)
                                .intoArray(out, to + j * chain);
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
        for (int b = 0; b < columns / 32; b++) {
            FloatVector s0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            for (int i = 0; i < 8; i++) {
                IntVector q0 = IntVector.fromArray(I, words, at + (b * 8 + i) * GROUP);
                IntVector q1 = IntVector.fromArray(I, words, at + (b * 8 + i) * GROUP + LANES);
                int k = xAt + b * 32 + 4 * i;
                FloatVector xk = FloatVector.broadcast(F, x[k]);
                a0 = q0.lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s0)
                        .fma(xk, a0);
                a1 = q1.lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s1)
                        .fma(xk, a1);
                xk = FloatVector.broadcast(F, x[k + 1]);
                b0 = q0.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s0)
                        .fma(xk, b0);
                b1 = q1.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s1)
                        .fma(xk, b1);
                xk = FloatVector.broadcast(F, x[k + 2]);
                c0 = q0.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s0)
                        .fma(xk, c0);
                c1 = q1.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s1)
                        .fma(xk, c1);
                xk = FloatVector.broadcast(F, x[k + 3]);
                d0 = q0.lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s0)
                        .fma(xk, d0);
                d1 = q1.lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(s1)
                        .fma(xk, d1);
            }
        }
        FloatVector.fromArray(F, out, outAt).add(a0.add(b0).add(c0.add(d0))).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1.add(b1).add(c1.add(d1)))
                .intoArray(out, outAt + LANES);
    }
}
