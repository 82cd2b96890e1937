package dev.sluice.cpu.format;

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
}
