package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code qs u8[48]@0, qh u8[4]@48, d f16@52}. {@code y[i] = d * (t - 1)} with ternary digits {@code t}.
 *
 * <p>A byte is a base-3 fraction: digit {@code n} is {@code 3 * (byte * 3^n % 256) / 256}. The first 32 bytes hold five
 * digits each, digit {@code n} of byte {@code b} being element {@code 32n + b}; the next 16 bytes five digits each from
 * element 160 on, and the last 4 bytes four digits each from element 240 on, in the same manner.
 */
final class TQ1_0 extends BlockFormat implements LaneFormat {

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
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        Lanes.halves(heads, headAt, columns / 256 * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 256; b++) {
                FloatVector d = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 64; i++) {
                    IntVector bytes = IntVector.fromArray(I, words, at + (b * 13 + WORDS[i]) * GROUP + v);
                    // Two bytes at a time, as products need the room of the byte above.
                    IntVector even = bytes.and(0x00ff00ff)
                            .mul(POWERS[i])
                            .and(0x00ff00ff)
                            .mul(3)
                            .lanewise(VectorOperators.LSHR, 8)
                            .and(0x00030003);
                    IntVector q = bytes.lanewise(VectorOperators.LSHR, 8)
                            .and(0x00ff00ff)
                            .mul(POWERS[i])
                            .and(0x00ff00ff)
                            .mul(3)
                            .and(0x03000300)
                            .or(even);
                    int to = outAt + (b * 256 + 4 * i) * GROUP + v;
                    for (int j = 0; j < 4; j++) {
                        q.and(3)
                                .sub(1)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .mul(d)
                                .intoArray(out, to + j * GROUP);
                        q = q.lanewise(VectorOperators.LSHR, 8);
                    }
                }
            }
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        for (int b = 0; b < columns / 256; b++) {
            FloatVector d0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector d1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            for (int i = 0; i < 64; i++) { // two bytes at a time, as in decodePanel
                int qs = at + (b * 13 + WORDS[i]) * GROUP;
                IntVector bytes0 = IntVector.fromArray(I, words, qs);
                IntVector bytes1 = IntVector.fromArray(I, words, qs + LANES);
                IntVector even0 = bytes0.and(0x00ff00ff)
                        .mul(POWERS[i])
                        .and(0x00ff00ff)
                        .mul(3)
                        .lanewise(VectorOperators.LSHR, 8)
                        .and(0x00030003);
                IntVector even1 = bytes1.and(0x00ff00ff)
                        .mul(POWERS[i])
                        .and(0x00ff00ff)
                        .mul(3)
                        .lanewise(VectorOperators.LSHR, 8)
                        .and(0x00030003);
                IntVector q0 = bytes0.lanewise(VectorOperators.LSHR, 8)
                        .and(0x00ff00ff)
                        .mul(POWERS[i])
                        .and(0x00ff00ff)
                        .mul(3)
                        .and(0x03000300)
                        .or(even0);
                IntVector q1 = bytes1.lanewise(VectorOperators.LSHR, 8)
                        .and(0x00ff00ff)
                        .mul(POWERS[i])
                        .and(0x00ff00ff)
                        .mul(3)
                        .and(0x03000300)
                        .or(even1);
                for (int j = 0; j < 4; j++) {
                    FloatVector xk = FloatVector.broadcast(F, x[xAt + b * 256 + 4 * i + j]);
                    sum0 = q0.and(3)
                            .sub(1)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d0)
                            .fma(xk, sum0);
                    sum1 = q1.and(3)
                            .sub(1)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .mul(d1)
                            .fma(xk, sum1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 8);
                    q1 = q1.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(sum0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES).add(sum1).intoArray(out, outAt + LANES);
    }
}
