package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Sixteen whole numbers that nibbles stand for, looked up as the width of the vectors allows. */
final class Levels {
    private Levels() {}

    /** The levels as floats. */
    static int[] table(float[] values) {
        int[] table = new int[values.length];
        for (int i = 0; i < table.length; i++) {
            table[i] = Float.floatToRawIntBits(values[i]);
        }
        return table;
    }

    /** Four levels a word, the first in the highest byte; at least as many words as a vector loads. */
    static int[] fours(float[] values) {
        int[] fours = new int[Math.max(4, LANES)];
        for (int i = 0; i < values.length; i++) {
            fours[i / 4] |= ((int) values[i] & 0xff) << 24 - 8 * (i % 4);
        }
        return fours;
    }

    /** The levels of the low nibbles: from one vector or two where they hold all, else cut out of a word of four. */
    static FloatVector of(IntVector q, int[] table, int[] fours) {
        if (LANES == 16) {
            return q.and(15).selectFrom(IntVector.fromArray(I, table, 0)).reinterpretAsFloats();
        }
        if (LANES == 8) {
            IntVector index = q.and(7);
            return index.selectFrom(IntVector.fromArray(I, table, 0))
                    .blend(
                            index.selectFrom(IntVector.fromArray(I, table, 8)),
                            q.lanewise(VectorOperators.LSHL, 28).compare(VectorOperators.LT, 0))
                    .reinterpretAsFloats();
        }
        return q.lanewise(VectorOperators.LSHR, 2)
                .and(3)
                .selectFrom(IntVector.fromArray(I, fours, 0))
                .lanewise(VectorOperators.LSHL, q.and(3).lanewise(VectorOperators.LSHL, 3))
                .lanewise(VectorOperators.ASHR, 24)
                .convert(VectorOperators.I2F, 0)
                .reinterpretAsFloats();
    }

    /** {@link LaneFormat#decodePanel} where each word holds eight columns, and a factor serves 32. */
    static void decodePanel(
            int[] words, int at, float[] factors, int columns, int[] table, int[] fours, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 32; b++) {
                int from = at + b * 4 * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, b * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (b * 8 + 2 * i + n) * GROUP + v;
                        for (int j = 0; j < 4; j++) {
                            of(q, table, fours).mul(s).intoArray(out, to + j * chain);
                            q = q.lanewise(VectorOperators.LSHR, 8);
                        }
                    }
                }
            }
        }
    }

    /** {@link LaneFormat#dot} of the same. */
    static void dot(
            int[] words,
            int at,
            float[] factors,
            int columns,
            int[] table,
            int[] fours,
            float[] x,
            int xAt,
            float[] out,
            int outAt) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int b = 0; b < columns / 32; b++) {
            int from = at + b * 4 * GROUP;
            FloatVector s0 = FloatVector.fromArray(F, factors, b * GROUP);
            FloatVector s1 = FloatVector.fromArray(F, factors, b * GROUP + LANES);
            for (int i = 0; i < 4; i++) {
                IntVector w0 = IntVector.fromArray(I, words, from + i * GROUP);
                IntVector w1 = IntVector.fromArray(I, words, from + i * GROUP + LANES);
                for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                    IntVector q0 = w0;
                    IntVector q1 = w1;
                    w0 = w0.lanewise(VectorOperators.LSHR, 4);
                    w1 = w1.lanewise(VectorOperators.LSHR, 4);
                    int k = xAt + b * 32 + 8 * i + 4 * n;
                    for (int j = 0; j < 4; j++) { // the chains change places, so that one call serves all
                        FloatVector xk = FloatVector.broadcast(F, x[k + j]);
                        a0 = of(q0, table, fours).mul(s0).fma(xk, a0);
                        a1 = of(q1, table, fours).mul(s1).fma(xk, a1);
                        q0 = q0.lanewise(VectorOperators.LSHR, 8);
                        q1 = q1.lanewise(VectorOperators.LSHR, 8);
                        FloatVector first0 = a0;
                        a0 = b0;
                        b0 = c0;
                        c0 = d0;
                        d0 = first0;
                        FloatVector first1 = a1;
                        a1 = b1;
                        b1 = c1;
                        c1 = d1;
                        d1 = first1;
                    }
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
}
