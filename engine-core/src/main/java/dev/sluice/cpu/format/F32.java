package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/** IEEE single precision, as it stands. */
final class F32 implements Format {

    @Override
    public TensorType type() {
        return TensorType.F32;
    }

    @Override
    public void decodeRow(MemorySegment data, long offset, float[] out, int at, int count) {
        TensorType.F32.bytes(count); // refuses a negative count
        MemorySegment.copy(data, Bytes.FLOAT, offset, out, at, count);
    }
}
