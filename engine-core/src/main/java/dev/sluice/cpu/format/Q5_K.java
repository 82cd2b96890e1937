package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code d f16@0, dmin f16@2, scales u8[12]@4, qh u8[32]@16, qs u8[128]@48}. As {@link Q4_K}, with bit
 * {@code i / 32} of {@code qh[i % 32]} as the fifth bit of {@code q}.
 */
final class Q5_K extends BlockFormat {

    Q5_K() {
        super(TensorType.Q5_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float dmin = f16(data, block + 2);
        long qh = block + 16;
        for (int g = 0; g < 8; g++) {
            float scale = d * Q4_K.scale(data, block + 4, g);
            float min = dmin * Q4_K.min(data, block + 4, g);
            long qs = block + 48 + 32 * (g / 2);
            int shift = 4 * (g % 2);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                int bit = u8(data, qh + i) >> g & 1;
                out[to + i] = scale * (u8(data, qs + i) >> shift & 15 | bit << 4) - min;
            }
        }
    }
}
