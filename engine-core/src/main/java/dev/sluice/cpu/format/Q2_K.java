package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code scales u8[16]@0, qs u8[64]@16, d f16@80, dmin f16@82}. With {@code g = i / 16},
 * {@code y[i] = d * (scales[g] & 15) * q - dmin * (scales[g] >> 4)}, where
 * {@code q = qs[32 * (i / 128) + i % 32] >> 2 * (i % 128 / 32) & 3}.
 */
final class Q2_K extends BlockFormat {

    Q2_K() {
        super(TensorType.Q2_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 80);
        float dmin = f16(data, block + 82);
        for (int g = 0; g < 16; g++) {
            int s = u8(data, block + g);
            float scale = d * (s & 15);
            float min = dmin * (s >> 4);
            long qs = block + 16 + 32 * (g / 8) + 16 * (g % 2);
            int shift = 2 * (g % 8 / 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                out[to + i] = scale * (u8(data, qs + i) >> shift & 3) - min;
            }
        }
    }
}
