package dev.sluice.cpu.format;

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

/** The upper half of an F32. */
final class BF16 implements LaneFormat {

    @Override
    public TensorType type() {
        return TensorType.BF16;
    }

    @Override
    public void decodeRow(MemorySegment data, long offset, float[] out, int at, int count) {
        TensorType.BF16.bytes(count); // refuses a negative count
        for (int i = 0; i < count; i++) {
            out[at + i] = Float.intBitsToFloat(Bytes.u16(data, offset + 2L * i) << 16);
        }
    }

    @Override
    public Layout layout() {
        return new Layout(2, 4, 0, 1, 0, 0, List.of());
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector q = IntVector.fromArray(I, words, at + k / 2 * GROUP + v);
                q.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(out, outAt + k * GROUP + v);
                q.and(0xffff0000).reinterpretAsFloats().intoArray(out, outAt + (k + 1) * GROUP + v);
            }
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        for (int k = 0; k < columns; k += 2) {
            int from = at + k / 2 * GROUP;
            IntVector q0 = IntVector.fromArray(I, words, from);
            IntVector q1 = IntVector.fromArray(I, words, from + LANES);
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            sum0 = q0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(xk, sum0);
            sum1 = q1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(xk, sum1);
            xk = FloatVector.broadcast(F, x[xAt + k + 1]);
            sum0 = q0.and(0xffff0000).reinterpretAsFloats().fma(xk, sum0);
            sum1 = q1.and(0xffff0000).reinterpretAsFloats().fma(xk, sum1);
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
