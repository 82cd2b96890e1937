package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i8;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code ql u8[128]@0, qh u8[64]@128, scales i8[16]@192, d f16@208}.
 * {@code y[i] = d * scales[i / 16] * (q - 32)}. With {@code h = i / 128}, {@code j = i % 128 / 32}, {@code l = i % 32}, the
 * low four bits of {@code q} are nibble {@code j / 2} of {@code ql[64h + 32 * (j % 2) + l]} and the high two are
 * {@code qh[32h + l] >> 2j & 3}.
 */
final class Q6_K extends BlockFormat {

    Q6_K() {
        super(TensorType.Q6_K);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 208);
        for (int g = 0; g < 16; g++) {
            float scale = d * i8(data, block + 192 + g);
            int j = g % 8 / 2;
            long ql = block + 64 * (g / 8) + 32 * (j % 2) + 16 * (g % 2);
            long qh = block + 128 + 32 * (g / 8) + 16 * (g % 2);
            int to = at + 16 * g;
            for (int i = 0; i < 16; i++) {
                int low = u8(data, ql + i) >> 4 * (j / 2) & 15;
                int high = u8(data, qh + i) >> 2 * j & 3;
                out[to + i] = scale * ((low | high << 4) - 32);
            }
        }
    }
}
