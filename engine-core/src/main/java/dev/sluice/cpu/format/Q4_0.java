package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code d f16@0, qs u8[16]@2}. {@code y[i] = d * (q - 8)}, with {@code q} the low nibbles of {@code qs}
 * for elements 0 to 15 and the high nibbles for 16 to 31.
 */
final class Q4_0 extends BlockFormat {

    Q4_0() {
        super(TensorType.Q4_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 2 + i);
            out[at + i] = d * ((q & 15) - 8);
            out[at + 16 + i] = d * ((q >> 4) - 8);
        }
    }
}
