package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/** The upper half of an F32. */
final class BF16 implements Format {

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
}
