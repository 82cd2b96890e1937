package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code qs u8[64]@0, d f16@64}. {@code y[i] = d * (q - 1)} with {@code q} as in {@link Q2_K}. Quantizers
 * write {@code q} of 0 to 2 only; 3 decodes like any other.
 */
final class TQ2_0 extends BlockFormat {

    TQ2_0() {
        super(TensorType.TQ2_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 64);
        for (int g = 0; g < 8; g++) {
            long qs = block + 32 * (g / 4);
            int shift = 2 * (g % 4);
            int to = at + 32 * g;
            for (int i = 0; i < 32; i++) {
                out[to + i] = d * ((u8(data, qs + i) >> shift & 3) - 1);
            }
        }
    }
}
