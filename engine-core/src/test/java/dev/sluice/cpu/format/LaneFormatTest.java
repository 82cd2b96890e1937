package dev.sluice.cpu.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector code of a format against its scalar meaning, bit for bit. */
class LaneFormatTest {
    private static final int COLUMNS = 256;
    /** Bits that random bytes may have, where sums must stay finite: no exponent becomes large. */
    private static final int FINITE = 0xbf;

    static List<LaneFormat> formats() {
        return Formats.all();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void panelsHaveTheBitsOfRows(LaneFormat format) {
        Group group = new Group(format, 7, Lanes.GROUP, COLUMNS, 0xff);
        float[] panel = new float[(COLUMNS + 1) * Lanes.GROUP];
        format.decodePanel(group.words, 0, group.factors(COLUMNS), COLUMNS, panel, Lanes.GROUP);
        for (int r = 0; r < Lanes.GROUP; r++) {
            for (int k = 0; k < COLUMNS; k++) {
                float value = panel[(1 + k % 4 * (COLUMNS / 4) + k / 4) * Lanes.GROUP + r];
                float expected = group.rows[r][k];
                if (Float.isFinite(expected)) {
                    assertThat(value).as("row %d column %d", r, k).isEqualTo(Float.valueOf(expected));
                } else {
                    assertThat(Float.isFinite(value))
                            .as("row %d column %d", r, k)
                            .isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void dotIsFourChainsInTheOrderOfTheColumns(LaneFormat format) {
        for (int rows : new int[] {1, Lanes.GROUP - 1, Lanes.GROUP}) {
            Group group = new Group(format, 11, rows, COLUMNS, FINITE);
            Random random = new Random(5);
            float[] x = new float[COLUMNS + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            float[] sums = new float[Lanes.GROUP + 1];
            sums[1] = 2;
            format.dot(group.words, 0, group.factors(COLUMNS), COLUMNS, x, 3, sums, 1);
            for (int r = 0; r < rows; r++) {
                float[] chains = new float[4];
                for (int k = 0; k < COLUMNS; k++) {
                    chains[k % 4] = Math.fma(group.rows[r][k], x[3 + k], chains[k % 4]);
                }
                float before = r == 0 ? 2 : 0;
                assertThat(sums[1 + r])
                        .as("row %d", r)
                        .isEqualTo(before + chains[0] + chains[1] + chains[2] + chains[3]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void fewRowsHaveTheSameChains(LaneFormat format) {
        assertThat(format.mostRows()).isIn(1, 4, 8);
        Group group = new Group(format, 13, Lanes.GROUP, COLUMNS, FINITE);
        Random random = new Random(7);
        for (int rows = 4; rows <= format.mostRows(); rows *= 2) {
            float[] x = new float[3 + rows * COLUMNS];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            float[] sums = new float[1 + rows * Lanes.GROUP];
            Arrays.fill(sums, 2);
            if (rows == 4) {
                format.dotFour(group.words, 0, group.factors(COLUMNS), COLUMNS, x, 3, sums, 1);
            } else {
                format.dotEight(group.words, 0, group.factors(COLUMNS), COLUMNS, x, 3, sums, 1);
            }
            for (int i = 0; i < rows; i++) {
                for (int r = 0; r < Lanes.GROUP; r++) {
                    float expected = 2;
                    for (int c = 0; c < 4; c++) {
                        float chain = 0;
                        for (int k = c; k < COLUMNS; k += 4) {
                            int at = 3 + i / 4 * 4 * COLUMNS + c * COLUMNS + k / 4 * 4 + i % 4;
                            chain = Math.fma(group.rows[r][k], x[at], chain);
                        }
                        expected += chain;
                    }
                    assertThat(sums[1 + i * Lanes.GROUP + r])
                            .as("row %d of %d, weight %d", i, rows, r)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void oddRowsOf16BitValuesAreFilledUp(LaneFormat format) {
        if (format.layout().columns() != 2) {
            return;
        }
        Group group = new Group(format, 3, 2, 5, FINITE);
        float[] panel = new float[8 * Lanes.GROUP];
        format.decodePanel(group.words, 0, group.factors(6), 6, panel, 0);
        assertThat(panel[1 * Lanes.GROUP + 1]).isEqualTo(group.rows[1][4]); // the second of chain 0
        assertThat(panel[3 * Lanes.GROUP + 1]).isZero();
    }

    /** Random rows, decoded one by one and interleaved. */
    private static final class Group {
        final LaneFormat format;
        final float[][] rows;
        final int[] words;
        final short[] heads;

        Group(LaneFormat format, long seed, int count, int columns, int mask) {
            this.format = format;
            int rowBytes = (int) format.type().bytes(columns);
            byte[] bytes = new byte[count * rowBytes];
            new Random(seed).nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= (byte) mask;
            }
            MemorySegment data = Arena.ofAuto().allocate(bytes.length);
            data.copyFrom(MemorySegment.ofArray(bytes));
            rows = new float[count][columns];
            for (int r = 0; r < count; r++) {
                format.decodeRow(data, (long) r * rowBytes, rows[r], 0, columns);
            }
            Layout layout = format.layout();
            int blocks = Math.ceilDiv(columns, layout.columns());
            words = new int[blocks * layout.words() * Lanes.GROUP];
            heads = new short[blocks * layout.heads() * Lanes.GROUP];
            Interleave interleave = new Interleave();
            for (int r = 0; r < count; r++) {
                interleave.row(format, data, (long) r * rowBytes, columns, words, r, heads, r);
            }
        }

        float[] factors(int columns) {
            float[] factors = new float[columns * Lanes.GROUP];
            format.unpack(words, 0, heads, 0, columns, factors);
            return factors;
        }
    }
}
