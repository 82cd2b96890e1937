package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** IEEE single precision, as it stands. */
final class F32 implements LaneFormat {

    @Override
    public TensorType type() {
        return TensorType.F32;
    }

    @Override
    public void decodeRow(MemorySegment data, long offset, float[] out, int at, int count) {
        TensorType.F32.bytes(count); // refuses a negative count
        MemorySegment.copy(data, Bytes.FLOAT, offset, out, at, count);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = (columns + 3) / 4 * GROUP;
        for (int k = 0; k < columns; k++) {
            int to = outAt + k % 4 * chain + k / 4 * GROUP;
            IntVector.fromArray(I, words, at + k * GROUP).reinterpretAsFloats().intoArray(out, to);
            IntVector.fromArray(I, words, at + k * GROUP + LANES)
                    .reinterpretAsFloats()
                    .intoArray(out, to + LANES);
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
            int from = at + k * GROUP;
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            a0 = IntVector.fromArray(I, words, from).reinterpretAsFloats().fma(xk, a0);
            a1 = IntVector.fromArray(I, words, from + LANES)
                    .reinterpretAsFloats()
                    .fma(xk, a1);
            xk = FloatVector.broadcast(F, x[xAt + k + 1]);
            b0 = IntVector.fromArray(I, words, from + 1 * GROUP)
                    .reinterpretAsFloats()
                    .fma(xk, b0);
            b1 = IntVector.fromArray(I, words, from + 1 * GROUP + LANES)
                    .reinterpretAsFloats()
                    .fma(xk, b1);
            xk = FloatVector.broadcast(F, x[xAt + k + 2]);
            c0 = IntVector.fromArray(I, words, from + 2 * GROUP)
                    .reinterpretAsFloats()
                    .fma(xk, c0);
            c1 = IntVector.fromArray(I, words, from + 2 * GROUP + LANES)
                    .reinterpretAsFloats()
                    .fma(xk, c1);
            xk = FloatVector.broadcast(F, x[xAt + k + 3]);
            d0 = IntVector.fromArray(I, words, from + 3 * GROUP)
                    .reinterpretAsFloats()
                    .fma(xk, d0);
            d1 = IntVector.fromArray(I, words, from + 3 * GROUP + LANES)
                    .reinterpretAsFloats()
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
