package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code hmask u8[32]@0, qs u8[64]@32, scales u8[12]@96, d f16@108}. With {@code g = i / 16},
 * {@code y[i] = d * (scale(g) - 32) * (q - 4)}. The low two bits of {@code q} are as in {@link Q2_K}, the third is bit
 * {@code i / 32} of {@code hmask[i % 32]}. A scale has its low four bits in nibble {@code g / 8} of
 * {@code scales[g % 8]} and its high two bits at {@code 2 * (g / 4)} of {@code scales[8 + g % 4]}.
 */
final class Q3_K extends BlockFormat {

    Q3_K() {
        super(TensorType.Q3_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 108);
        for (int g = 0; g < 16; g++) {
            int low = u8(data, block + 96 + g % 8) >> 4 * (g / 8) & 15;
            int high = u8(data, block + 104 + g % 4) >> 2 * (g / 4) & 3;
            float scale = d * ((low | high << 4) - 32);
            long hmask = block + 16 * (g % 2);
            long qs = block + 32 + 32 * (g / 8) + 16 * (g % 2);
            int shift = 2 * (g % 8 / 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                int bit = u8(data, hmask + i) >> (g / 2) & 1;
                out[to + i] = scale * ((u8(data, qs + i) >> shift & 3 | bit << 2) - 4);
            }
        }
    }
}
