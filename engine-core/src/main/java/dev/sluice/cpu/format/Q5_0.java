package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i32;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code d f16@0, qh u32@2, qs u8[16]@6}. {@code y[i] = d * (q - 16)}; the low four bits of {@code q} are
 * the nibbles as in {@link Q4_0}, the fifth is bit {@code i} of {@code qh}.
 */
final class Q5_0 extends BlockFormat {

    Q5_0() {
        super(TensorType.Q5_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        int qh = i32(data, block + 2);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 6 + i);
            int low = (q & 15) | (qh >>> i & 1) << 4;
            int high = q >> 4 | (qh >>> (i + 16) & 1) << 4;
            out[at + i] = d * (low - 16);
            out[at + 16 + i] = d * (high - 16);
        }
    }
}
