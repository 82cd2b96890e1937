package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
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
        return new Layout(1, 2, 0, 0, 0, 2, 0, false);
    }

    /** The values themselves. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = (columns + 3) / 4 * GROUP;
        for (int k = 0; k < columns; k++) {
            int to = outAt + k % 4 * chain + k / 4 * GROUP;
            FloatVector.fromArray(F, factors, k * GROUP).intoArray(out, to);
            FloatVector.fromArray(F, factors, k * GROUP + LANES).intoArray(out, to + LANES);
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
            int from = k * GROUP;
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            a0 = FloatVector.fromArray(F, factors, from).fma(xk, a0);
            a1 = FloatVector.fromArray(F, factors, from + LANES).fma(xk, a1);
            xk = FloatVector.broadcast(F, x[xAt + k + 1]);
            b0 = FloatVector.fromArray(F, factors, from + 1 * GROUP).fma(xk, b0);
            b1 = FloatVector.fromArray(F, factors, from + 1 * GROUP + LANES).fma(xk, b1);
            xk = FloatVector.broadcast(F, x[xAt + k + 2]);
            c0 = FloatVector.fromArray(F, factors, from + 2 * GROUP).fma(xk, c0);
            c1 = FloatVector.fromArray(F, factors, from + 2 * GROUP + LANES).fma(xk, c1);
            xk = FloatVector.broadcast(F, x[xAt + k + 3]);
            d0 = FloatVector.fromArray(F, factors, from + 3 * GROUP).fma(xk, d0);
            d1 = FloatVector.fromArray(F, factors, from + 3 * GROUP + LANES).fma(xk, d1);
        }
        FloatVector.fromArray(F, out, outAt).add(a0.add(b0).add(c0.add(d0))).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1.add(b1).add(c1.add(d1)))
                .intoArray(out, outAt + LANES);
    }
}
