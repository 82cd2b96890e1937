package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;

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

    /** A head a value: the compiler has an instruction for a loop over shorts, the vector code would need seven. */
    @Override
    public Layout layout() {
        return new Layout(1, 2, 0, 0, 0, 2, List.of());
    }

    /** The values themselves. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        System.arraycopy(factors, 0, out, outAt, columns * GROUP);
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        for (int k = 0; k < columns; k++) {
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            sum0 = FloatVector.fromArray(F, factors, k * GROUP).fma(xk, sum0);
            sum1 = FloatVector.fromArray(F, factors, k * GROUP + LANES).fma(xk, sum1);
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
