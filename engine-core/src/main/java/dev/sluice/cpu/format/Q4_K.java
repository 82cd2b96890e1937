package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code d f16@0, dmin f16@2, scales u8[12]@4, qs u8[128]@16}. With {@code g = i / 32},
 * {@code y[i] = d * scale(g) * q - dmin * min(g)}, where {@code q} is nibble {@code g % 2} of
 * {@code qs[32 * (i / 64) + i % 32]}.
 */
final class Q4_K extends BlockFormat {

    Q4_K() {
        super(TensorType.Q4_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float dmin = f16(data, block + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(data, block + 4, g);
            float min = dmin * min(data, block + 4, g);
            long qs = block + 16 + 32 * (g / 2);
            int shift = 4 * (g % 2);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                out[to + i] = scale * (u8(data, qs + i) >> shift & 15) - min;
            }
        }
    }

    /** The six-bit scale of group {@code g}; the twelve bytes at {@code scales} also serve {@link Q5_K}. */
    static int scale(MemorySegment data, long scales, int g) {
        return g < 4 ? u8(data, scales + g) & 63 : (u8(data, scales + 4 + g) & 15) | u8(data, scales + g - 4) >> 6 << 4;
    }

    /** The six-bit minimum of group {@code g}. */
    static int min(MemorySegment data, long scales, int g) {
        return g < 4 ? u8(data, scales + 4 + g) & 63 : u8(data, scales + 4 + g) >> 4 | u8(data, scales + g) >> 6 << 4;
    }
}
