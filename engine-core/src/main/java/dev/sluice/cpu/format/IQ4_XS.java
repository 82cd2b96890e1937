package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code d f16@0, scales_h u16@2, scales_l u8[4]@4, qs u8[128]@8}. With {@code g = i / 32},
 * {@code y[i] = d * (scale(g) - 32) * VALUES[q]}, values of {@link IQ4_NL}; the nibbles {@code q} of each 32 elements are
 * those of 16 bytes of {@code qs} as in {@link Q4_0}. A scale has its low four bits in nibble {@code g % 2} of
 * {@code scales_l[g / 2]} and its high two bits at {@code 2g} of {@code scales_h}.
 */
final class IQ4_XS extends BlockFormat {

    IQ4_XS() {
        super(TensorType.IQ4_XS);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        int scalesHigh = u16(data, block + 2);
        for (int g = 0; g < 8; g++) {
            int low = u8(data, block + 4 + g / 2) >> 4 * (g % 2) & 15;
            int high = scalesHigh >> 2 * g & 3;
            float scale = d * ((low | high << 4) - 32);
            long qs = block + 8 + 16 * g;
            int to = at + 32 * g;
            for (int i = 0; i < 16; i++) {
                int q = u8(data, qs + i);
                out[to + i] = scale * IQ4_NL.VALUES[q & 15];
                out[to + 16 + i] = scale * IQ4_NL.VALUES[q >> 4];
            }
        }
    }
}
