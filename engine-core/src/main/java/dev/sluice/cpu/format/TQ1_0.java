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
        Lanes.halves(heads, headAt, columns / 256 * GROUP, factors, 0);
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 256; b++) {
                int from = at + b * 16 * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 16; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 4; n++) {
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 2);
                        int to = outAt + (b * 64 + 4 * i + n) * GROUP + v;
                        for (int j = 0; j < 4; j++) {
                            q.and(3)
                                    .sub(1)
                                    .convert(VectorOperators.I2F, 0)
                                    .reinterpretAsFloats()
                                    .mul(s)
                                    .intoArray(out, to + j * chain);
                            q = q.lanewise(VectorOperators.LSHR, 8);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int b = 0; b < columns / 256; b++) {
            int from = at + b * 16 * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            FloatVector t0 = s0.mul(0x1p-8f);
            FloatVector t1 = s1.mul(0x1p-8f);
            FloatVector m0 = s0.mul(-1);
            FloatVector m1 = s1.mul(-1);
            for (int i = 0; i < 16; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 4; n++) {
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 2);
                    w1 = w1.lanewise(VectorOperators.LSHR, 2);
                    int k = xAt + b * 256 + 16 * i + 4 * n;
                    FloatVector xk = FloatVector.broadcast(F, x[k]);
                    a0 = q0.and(3)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s0, m0)
                            .fma(xk, a0);
                    a1 = q1.and(3)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s1, m1)
                            .fma(xk, a1);
                    xk = FloatVector.broadcast(F, x[k + 1]);
                    b0 = q0.and(0x300)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t0, m0)
                            .fma(xk, b0);
                    b1 = q1.and(0x300)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t1, m1)
                            .fma(xk, b1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 16);
                    q1 = q1.lanewise(VectorOperators.LSHR, 16);
                    xk = FloatVector.broadcast(F, x[k + 2]);
                    c0 = q0.and(3)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s0, m0)
                            .fma(xk, c0);
                    c1 = q1.and(3)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s1, m1)
                            .fma(xk, c1);
                    xk = FloatVector.broadcast(F, x[k + 3]);
                    d0 = q0.and(0x300)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t0, m0)
                            .fma(xk, d0);
                    d1 = q1.and(0x300)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t1, m1)
                            .fma(xk, d1);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(a0.add(b0).add(c0.add(d0))).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1.add(b1).add(c1.add(d1)))
                .intoArray(out, outAt + LANES);
    }
}
