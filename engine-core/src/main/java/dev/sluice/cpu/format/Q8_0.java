package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code d f16@0, qs i8[32]@2}. {@code y[i] = d * qs[i]}.
 */
final class Q8_0 extends BlockFormat {

    Q8_0() {
        super(TensorType.Q8_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        for (int i = 0; i < 32; i++) {
            out[at + i] = d * i8(data, block + 2 + i);
        }
    }
}
