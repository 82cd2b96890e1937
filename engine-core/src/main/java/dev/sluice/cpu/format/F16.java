package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.half;
import static dev.sluice.cpu.format.Lanes.ints;
import static dev.sluice.cpu.format.Lanes.shr;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** IEEE half precision. */
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
        return new Layout(2, 4, 0, 1, 0, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, short[] heads, int headAt, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector q = ints(words, at + k / 2 * GROUP + v);
                half(q).intoArray(out, outAt + k * GROUP + v);
                half(shr(q, 16)).intoArray(out, outAt + (k + 1) * GROUP + v);
            }
        }
    }

    @Override
    public void dot(
            int[] words, int at, short[] heads, int headAt, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        for (int k = 0; k < columns; k += 2) {
            int from = at + k / 2 * GROUP;
            IntVector q0 = ints(words, from);
            IntVector q1 = ints(words, from + LANES);
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            sum0 = half(q0).fma(xk, sum0);
            sum1 = half(q1).fma(xk, sum1);
            xk = FloatVector.broadcast(F, x[xAt + k + 1]);
            sum0 = half(shr(q0, 16)).fma(xk, sum0);
            sum1 = half(shr(q1, 16)).fma(xk, sum1);
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
