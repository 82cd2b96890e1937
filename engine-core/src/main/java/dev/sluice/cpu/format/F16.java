package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/** IEEE half precision. */
final class F16 implements Format {

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
}
