package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code d f16@0, m f16@2, qs u8[16]@4}. {@code y[i] = d * q + m}, nibbles {@code q} as in {@link Q4_0}.
 */
final class Q4_1 extends BlockFormat {

    Q4_1() {
        super(TensorType.Q4_1);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float m = f16(data, block + 2);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 4 + i);
            out[at + i] = d * (q & 15) + m;
            out[at + 16 + i] = d * (q >> 4) + m;
        }
    }
}
