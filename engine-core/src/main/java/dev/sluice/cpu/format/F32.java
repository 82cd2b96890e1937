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
        for (int i = 0; i < columns * GROUP; i += LANES) {
            IntVector.fromArray(I, words, at + i).reinterpretAsFloats().intoArray(out, outAt + i);
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        for (int k = 0; k < columns; k++) {
            int from = at + k * GROUP;
            FloatVector xk = FloatVector.broadcast(F, x[xAt + k]);
            sum0 = IntVector.fromArray(I, words, from).reinterpretAsFloats().fma(xk, sum0);
            sum1 = IntVector.fromArray(I, words, from + LANES)
                    .reinterpretAsFloats()
                    .fma(xk, sum1);
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
