package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i32;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code d f16@0, m f16@2, qh u32@4, qs u8[16]@8}. {@code y[i] = d * q + m}, five-bit {@code q} as in
 * {@link Q5_0}.
 */
final class Q5_1 extends BlockFormat {

    Q5_1() {
        super(TensorType.Q5_1);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        float m = f16(data, block + 2);
        int qh = i32(data, block + 4);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 8 + i);
            int low = (q & 15) | (qh >>> i & 1) << 4;
            int high = q >> 4 | (qh >>> (i + 16) & 1) << 4;
            out[at + i] = d * low + m;
            out[at + 16 + i] = d * high + m;
        }
    }
}
