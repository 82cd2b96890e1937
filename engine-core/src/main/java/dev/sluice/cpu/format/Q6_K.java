package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.i8;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.half;
import static dev.sluice.cpu.format.Lanes.ints;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code ql u8[128]@0, qh u8[64]@128, scales i8[16]@192, d f16@208}.
 * {@code y[i] = d * scales[i / 16] * (q - 32)}. With {@code h = i / 128}, {@code j = i % 128 / 32}, {@code l = i % 32}, the
 * low four bits of {@code q} are nibble {@code j / 2} of {@code ql[64h + 32 * (j % 2) + l]} and the high two are
 * {@code qh[32h + l] >> 2j & 3}.
 */
final class Q6_K extends BlockFormat implements LaneFormat {

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

    @Override
    public Layout layout() {
        return Layout.of(type()).arranged(52);
    }

    /** Scales, then for each sixteen columns a word with their upper bits and two words of nibbles, eight columns each. */
    @Override
    public void arrange(int[] file, int[] words) {
        System.arraycopy(file, 48, words, 0, 4);
        for (int g = 0; g < 16; g++) {
            int to = 4 + 3 * g;
            int half = g / 8;
            int quarter = g % 8 / 2;
            words[to] = Planes.of(file, 32 + 8 * half + 4 * (g % 2), quarter, 2);
            for (int i = 0; i < 2; i++) {
                int from = 16 * half + 8 * (quarter % 2) + 4 * (g % 2) + 2 * i;
                words[to + 1 + i] = Planes.of(file, from, quarter / 2, 4);
            }
        }
    }

    /** For each sixteen columns their scale times that of the block. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            FloatVector d = half(ints(heads, headAt + v));
            for (int g = 0; g < 16; g++) {
                IntVector scales = IntVector.fromArray(I, words, at + g / 4 * GROUP + v);
                d.mul(scales.lanewise(VectorOperators.LSHL, 24 - 8 * (g % 4))
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats())
                        .intoArray(factors, g * GROUP + v);
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int g = 0; g < columns / 16; g++) {
                int from = at + (4 + g * 3) * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, g * GROUP + v);
                IntVector pairs = IntVector.fromArray(I, words, from);
                for (int i = 0; i < 2; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + (1 + i) * GROUP);
                    // Bits 4 to 7 of each byte are the upper ones of this word's columns.
                    IntVector high = pairs.lanewise(VectorOperators.LSHL, 4 - 4 * i);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w.and(0x0f0f0f0f).or(high.and(0x30303030));
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        high = high.lanewise(VectorOperators.LSHR, 2);
                        int to = outAt + (g * 4 + 2 * i + n) * GROUP + v;
                        for (int j = 0; j < 4; j++) {
                            q.and(63)
                                    .sub(32)
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
        for (int g = 0; g < columns / 16; g++) {
            int from = at + (4 + g * 3) * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, g * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
            FloatVector t0 = s0.mul(0x1p-8f);
            FloatVector t1 = s1.mul(0x1p-8f);
            FloatVector m0 = s0.mul(-32);
            FloatVector m1 = s1.mul(-32);
            IntVector pairs0 = IntVector.fromArray(I, words, from);
            IntVector pairs1 = IntVector.fromArray(I, words, from + LANES);
            for (int i = 0; i < 2; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + (1 + i) * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + (1 + i) * GROUP + LANES);
                // Bits 4 to 7 of each byte are the upper ones of this word's columns.
                IntVector high0 = pairs0.lanewise(VectorOperators.LSHL, 4 - 4 * i);
                IntVector high1 = pairs1.lanewise(VectorOperators.LSHL, 4 - 4 * i);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    // Bits of w where the mask has them, else of high: three operands, which AVX-512 has one
                    // instruction for.
                    IntVector q0 = high0.lanewise(
                            VectorOperators.XOR,
                            w0.lanewise(VectorOperators.XOR, high0).and(0x0f0f0f0f));
                    IntVector q1 = high1.lanewise(
                            VectorOperators.XOR,
                            w1.lanewise(VectorOperators.XOR, high1).and(0x0f0f0f0f));
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    high0 = high0.lanewise(VectorOperators.LSHR, 2);
                    high1 = high1.lanewise(VectorOperators.LSHR, 2);
                    int k = xAt + g * 16 + 8 * i + 4 * n;
                    FloatVector xk = FloatVector.broadcast(F, x[k]);
                    a0 = q0.and(63)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s0, m0)
                            .fma(xk, a0);
                    a1 = q1.and(63)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s1, m1)
                            .fma(xk, a1);
                    xk = FloatVector.broadcast(F, x[k + 1]);
                    b0 = q0.and(0x3f00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t0, m0)
                            .fma(xk, b0);
                    b1 = q1.and(0x3f00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t1, m1)
                            .fma(xk, b1);
                    q0 = q0.lanewise(VectorOperators.LSHR, 16);
                    q1 = q1.lanewise(VectorOperators.LSHR, 16);
                    xk = FloatVector.broadcast(F, x[k + 2]);
                    c0 = q0.and(63)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s0, m0)
                            .fma(xk, c0);
                    c1 = q1.and(63)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(s1, m1)
                            .fma(xk, c1);
                    xk = FloatVector.broadcast(F, x[k + 3]);
                    d0 = q0.and(0x3f00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t0, m0)
                            .fma(xk, d0);
                    d1 = q1.and(0x3f00)
                            .convert(VectorOperators.I2F, 0)
                            .reinterpretAsFloats()
                            .fma(t1, m1)
                            .fma(xk, d1);
                }
            }
        }
        FloatVector.fromArray(F, out, outAt).add(a0).add(b0).add(c0).add(d0).intoArray(out, outAt);
        FloatVector.fromArray(F, out, outAt + LANES)
                .add(a1)
                .add(b1)
                .add(c1)
                .add(d1)
                .intoArray(out, outAt + LANES);
    }

    @Override
    public int mostRows() {
        return 4;
    }

    @Override
    public void dotFour(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        for (int c = 0; c < 4; c++) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            int xc = xAt + c * columns;
            for (int g = 0; g < columns / 16; g++) {
                int from = at + (4 + g * 3) * GROUP;
                FloatVector s0 = FloatVector.fromArray(F, factors, g * GROUP);
                FloatVector s1 = FloatVector.fromArray(F, factors, g * GROUP + LANES);
                FloatVector m0 = s0.mul(-32);
                FloatVector m1 = s1.mul(-32);
                IntVector high0 = IntVector.fromArray(I, words, from).lanewise(VectorOperators.LSHR, 8 * c);
                IntVector high1 = IntVector.fromArray(I, words, from + LANES).lanewise(VectorOperators.LSHR, 8 * c);
                for (int i = 0; i < 2; i++) {
                    IntVector w0 = IntVector.fromArray(I, words, from + (1 + i) * GROUP)
                            .lanewise(VectorOperators.LSHR, 8 * c);
                    IntVector w1 = IntVector.fromArray(I, words, from + (1 + i) * GROUP + LANES)
                            .lanewise(VectorOperators.LSHR, 8 * c);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        FloatVector u0 = w0.and(15)
                                .or(high0.lanewise(VectorOperators.LSHL, 4).and(48))
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .fma(s0, m0);
                        FloatVector u1 = w1.and(15)
                                .or(high1.lanewise(VectorOperators.LSHL, 4).and(48))
                                .convert(VectorOperators.I2F, 0)
                                .reinterpretAsFloats()
                                .fma(s1, m1);
                        w0 = w0.lanewise(VectorOperators.LSHR, 4);
                        w1 = w1.lanewise(VectorOperators.LSHR, 4);
                        high0 = high0.lanewise(VectorOperators.LSHR, 2);
                        high1 = high1.lanewise(VectorOperators.LSHR, 2);
                        int k = xc + 16 * g + 8 * i + 4 * n;
                        FloatVector xk = FloatVector.broadcast(F, x[k]);
                        a0 = xk.fma(u0, a0);
                        a1 = xk.fma(u1, a1);
                        xk = FloatVector.broadcast(F, x[k + 1]);
                        b0 = xk.fma(u0, b0);
                        b1 = xk.fma(u1, b1);
                        xk = FloatVector.broadcast(F, x[k + 2]);
                        c0 = xk.fma(u0, c0);
                        c1 = xk.fma(u1, c1);
                        xk = FloatVector.broadcast(F, x[k + 3]);
                        d0 = xk.fma(u0, d0);
                        d1 = xk.fma(u1, d1);
                    }
                }
            }
            FloatVector.fromArray(F, sums, sumsAt).add(a0).intoArray(sums, sumsAt);
            FloatVector.fromArray(F, sums, sumsAt + LANES).add(a1).intoArray(sums, sumsAt + LANES);
            FloatVector.fromArray(F, sums, sumsAt + GROUP).add(b0).intoArray(sums, sumsAt + GROUP);
            FloatVector.fromArray(F, sums, sumsAt + GROUP + LANES).add(b1).intoArray(sums, sumsAt + GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 2 * GROUP).add(c0).intoArray(sums, sumsAt + 2 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 2 * GROUP + LANES)
                    .add(c1)
                    .intoArray(sums, sumsAt + 2 * GROUP + LANES);
            FloatVector.fromArray(F, sums, sumsAt + 3 * GROUP).add(d0).intoArray(sums, sumsAt + 3 * GROUP);
            FloatVector.fromArray(F, sums, sumsAt + 3 * GROUP + LANES)
                    .add(d1)
                    .intoArray(sums, sumsAt + 3 * GROUP + LANES);
        }
    }
}
