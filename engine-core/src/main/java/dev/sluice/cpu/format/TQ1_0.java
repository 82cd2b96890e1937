package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code qs u8[48]@0, qh u8[4]@48, d f16@52}. {@code y[i] = d * (t - 1)} with ternary digits {@code t}.
 *
 * <p>A byte is a base-3 fraction: digit {@code n} is {@code 3 * (byte * 3^n % 256) / 256}. The first 32 bytes hold five
 * digits each, digit {@code n} of byte {@code b} being element {@code 32n + b}; the next 16 bytes five digits each from
 * element 160 on, and the last 4 bytes four digits each from element 240 on, in the same manner.
 */
final class TQ1_0 extends BlockFormat {

    TQ1_0() {
        super(TensorType.TQ1_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block + 52);
        decodeDigits(data, block, 32, 5, d, out, at);
        decodeDigits(data, block + 32, 16, 5, d, out, at + 160);
        decodeDigits(data, block + 48, 4, 4, d, out, at + 240);
    }

    private static void decodeDigits(MemorySegment data, long qs, int bytes, int digits, float d, float[] out, int at) {
        int power = 1;
        for (int n = 0; n < digits; n++) {
            for (int b = 0; b < bytes; b++) {
                int fraction = u8(data, qs + b) * power & 0xff;
                out[at + b] = d * ((3 * fraction >> 8) - 1);
            }
            at += bytes;
            power *= 3;
        }
    }
}
