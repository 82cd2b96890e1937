package dev.sluice.cpu.format;

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
 * IEEE half precision. Moved into place, a half is the float 2^112 times too small. What then is 2^16 or more, which no finite
 * half is, was infinite or NaN: a product makes it infinite, and another takes that product back.
 */
final class F16 implements LaneFormat {

    @Override
    public TensorType type() {
        return TensorType.F16;
    }

    @Override
    public void decodeRow(MemorySegment data, long offset, float[] out, int at, int count) {
        TensorType.F16.bytes(count); // refuses a negative count
        for (int i = 0; i < count; i++) {
            out[at + i] = Bytes.f16(data, offset + 2L * i);
        }
    }

    @Override
    public Layout layout() {
        return new Layout(2, 4, 0, 1, 0, 0, 1, false);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = (columns + 3) / 4 * GROUP;
        for (int k = 0; k < columns; k += 2) {
            int to = outAt + k % 4 * chain + k / 4 * GROUP;
            for (int v = 0; v < GROUP; v += LANES) {
                IntVector q = IntVector.fromArray(I, words, at + k / 2 * GROUP + v);
                q.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 3)
                        .and(0x8fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .mul(0x1p112f)
                        .mul(0x1p-112f)
                        .intoArray(out, to + v);
                q.lanewise(VectorOperators.ASHR, 3)
                        .and(0x8fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .mul(0x1p112f)
                        .mul(0x1p-112f)
                        .intoArray(out, to + chain + v);
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
        for (int k = 0; k < columns; k += 4) {
            int from = at + k / 2 * GROUP;
            IntVector q0 = IntVector.fromArray(I, words, from);
            IntVector q1 = IntVector.fromArray(I, words, from + LANES);
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            a0 = q0.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, a0);
            a1 = q1.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, a1);
            xk = FloatVector.broadcast(F, x[xAt + k + 1]);
            b0 = q0.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, b0);
            b1 = q1.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, b1);
            q0 = IntVector.fromArray(I, words, from + GROUP);
            q1 = IntVector.fromArray(I, words, from + GROUP + LANES);
            xk = FloatVector.broadcast(F, x[xAt + k + 2]);
            c0 = q0.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, c0);
            c1 = q1.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, c1);
            xk = FloatVector.broadcast(F, x[xAt + k + 3]);
            d0 = q0.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, d0);
            d1 = q1.lanewise(VectorOperators.ASHR, 3)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .mul(0x1p112f)
                    .mul(0x1p-112f)
                    .fma(xk, d1);
        }
        FloatVector.fromArray(F, out, outAt).add(a0).add(b0).add(c0).add(d0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1)
                .add(b1)
                .add(c1)
                .add(d1)
                .intoArray(out, outAt + LANES);
    }
}
