package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.GROUP;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 256 elements: {@code qs u8[48]@0, qh u8[4]@48, d f16@52}. {@code y[i] = d * (t - 1)} with ternary digits {@code t}.
 *
 * <p>A byte is a base-3 fraction: digit {@code n} is {@code 3 * (byte * 3^n % 256) / 256}. The first 32 bytes hold five
 * digits each, digit {@code n} of byte {@code b} being element {@code 32n + b}; the next 16 bytes five digits each from
 * element 160 on, and the last 4 bytes four digits each from element 240 on, in the same manner.
 */
final class TQ1_0 extends BlockFormat implements LaneFormat {

    /** Once arranged, words and factors are those of this format. */
    private static final TQ2_0 ARRANGED = new TQ2_0();

    /** Word of each four columns. */
    private static final int[] WORDS = new int[64];

    /** The power of three that brings the digit of these columns to the front of its byte. */
    private static final int[] POWERS = new int[64];

    static {
        int[] powers = {1, 3, 9, 27, 81};
        for (int i = 0; i < 64; i++) {
            WORDS[i] = i < 40 ? i % 8 : i < 60 ? 8 + i % 4 : 12;
            POWERS[i] = powers[i < 40 ? i / 8 : i < 60 ? (i - 40) / 4 : i - 60];
        }
    }

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

    @Override
    public Layout layout() {
        return Layout.of(type()).arranged(16);
    }

    /** A word for each sixteen columns, two bits each: as in {@link TQ2_0}. */
    @Override
    public void arrange(int[] file, int[] words) {
        for (int i = 0; i < 64; i++) {
            int bytes = file[WORDS[i]];
            // Two bytes at a time, as products need the room of the byte above.
            int even = ((bytes & 0x00ff00ff) * POWERS[i] & 0x00ff00ff) * 3 >>> 8 & 0x00030003;
            int odd = ((bytes >>> 8 & 0x00ff00ff) * POWERS[i] & 0x00ff00ff) * 3 & 0x03000300;
            int digits = (even | odd) << 2 * (i % 4);
            words[i / 4] = i % 4 == 0 ? digits : words[i / 4] | digits;
        }
    }

    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        ARRANGED.decodePanel(words, at, factors, columns, out, outAt);
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        ARRANGED.dot(words, at, factors, columns, x, xAt, out, outAt);
    }
}
