package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The F32 product of packed rows with a panel of decoded weights. Lanes are rows of the weight, so each sum is one chain of
 * fused multiply-adds in the order of the columns, whatever the tile: the results have the same bits for any number of
 * rows, any vector width, and for scalar code.
 */
final class Gemm {
    /** Rows of x in the tiles of the rest; rows are padded to a multiple of it. */
    static final int SMALL_TILE = 4;

    /**
     * Rows of x in a full tile: with two vectors of weights, 24 sums for the 32 registers of AVX-512 and NEON. AVX2 has but 16,
     * where a small tile is nearly twice as fast as one whose sums go through memory, and a panel faster than the products
     * of eight rows without one.
     */
    static final int TILE = LANES <= 8 && System.getProperty("os.arch").equals("amd64") ? SMALL_TILE : 12;

    /** The sums of the chains of any tile: eight rows come from {@link dev.sluice.cpu.format.LaneFormat#dotEight}. */
    static final int CHAINS = 4 * Math.max(TILE, 8) * GROUP;

    private Gemm() {}

    /** Rows of the tile that begins at {@code row}, of {@code rows} padded rows. */
    static int tileRows(int row, int rows) {
        return rows - row >= TILE ? TILE : SMALL_TILE;
    }

    /** First row of the tile that holds {@code row}, of {@code rows} padded rows. */
    static int tileOf(int row, int rows) {
        int whole = rows / TILE * TILE;
        return row < whole ? row / TILE * TILE : row / SMALL_TILE * SMALL_TILE;
    }

    /** Columns of a chain, of {@code columns} in four chains; each begins where so many columns of the others have place. */
    static int pitch(int columns) {
        return (columns + 3) / 4;
    }

    /** Columns as they are packed: whole chains. */
    static int packed(int columns) {
        return 4 * pitch(columns);
    }

    /** Where column {@code k} of {@code columns} is, which are packed in blocks of {@link CpuWeight#BLOCK_COLUMNS}. */
    static int place(int k, int columns) {
        int from = k / CpuWeight.BLOCK_COLUMNS * CpuWeight.BLOCK_COLUMNS;
        int pitch = pitch(Math.min(CpuWeight.BLOCK_COLUMNS, columns - from));
        return from + (k - from) % 4 * pitch + (k - from) / 4;
    }

    /** Columns of chain {@code c}. */
    static int length(int c, int columns) {
        return (columns + 3 - c) / 4;
    }

    /**
     * {@code sums[i][r] += sum over k of x_i[k] * w_r[k]}.
     *
     * @param x tile after tile, each {@code [4 chains][pitch][rows of the tile]}, from {@code xAt}
     * @param rows padded rows of x
     * @param panel {@code [4 chains][pitch][GROUP]}, from {@code panelAt}
     * @param columns at most four times the pitch
     * @param sums {@code [rows][GROUP]}, from {@code sumsAt}
     * @param chains room for the sums of a tile's chains, {@link #CHAINS}
     */
    static void multiply(
            float[] x,
            int xAt,
            int rows,
            float[] panel,
            int panelAt,
            int columns,
            int pitch,
            float[] sums,
            int sumsAt,
            float[] chains) {
        for (int i = 0; i < rows; ) {
            int height = tileRows(i, rows);
            for (int c = 0; c < 4; c++) {
                int at = xAt + (4 * i + c * height) * pitch;
                int w = panelAt + c * pitch * GROUP;
                if (height == SMALL_TILE) {
                    tile4(x, at, panel, w, length(c, columns), chains, c * SMALL_TILE * GROUP);
                } else {
                    tile12(x, at, panel, w, length(c, columns), chains, c * TILE * GROUP);
                }
            }
            add(chains, height * GROUP, sums, sumsAt + i * GROUP);
            i += height;
        }
    }

    /** The same for one row, {@code columns} values in their order at {@code xAt}. */
    static void multiplyRow(float[] x, int xAt, float[] panel, int columns, float[] sums, int sumsAt, float[] chains) {
        for (int c = 0; c < 4; c++) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = a;
            int w = c * pitch(columns) * GROUP;
            for (int k = c; k < columns; k += 4, w += GROUP) {
                FloatVector s = FloatVector.broadcast(F, x[xAt + k]);
                a = s.fma(FloatVector.fromArray(F, panel, w), a);
                b = s.fma(FloatVector.fromArray(F, panel, w + LANES), b);
            }
            a.intoArray(chains, c * GROUP);
            b.intoArray(chains, c * GROUP + LANES);
        }
        add(chains, GROUP, sums, sumsAt);
    }

    private static void tile4(float[] x, int xAt, float[] w, int wAt, int columns, float[] tile, int to) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int k = 0; k < columns; k++, wAt += GROUP, xAt += 4) {
            FloatVector u = FloatVector.fromArray(F, w, wAt);
            FloatVector v = FloatVector.fromArray(F, w, wAt + LANES);
            FloatVector s = FloatVector.broadcast(F, x[xAt]);
            a0 = s.fma(u, a0);
            b0 = s.fma(v, b0);
            s = FloatVector.broadcast(F, x[xAt + 1]);
            a1 = s.fma(u, a1);
            b1 = s.fma(v, b1);
            s = FloatVector.broadcast(F, x[xAt + 2]);
            a2 = s.fma(u, a2);
            b2 = s.fma(v, b2);
            s = FloatVector.broadcast(F, x[xAt + 3]);
            a3 = s.fma(u, a3);
            b3 = s.fma(v, b3);
        }
        a0.intoArray(tile, to + 0 * LANES);
        b0.intoArray(tile, to + 1 * LANES);
        a1.intoArray(tile, to + 2 * LANES);
        b1.intoArray(tile, to + 3 * LANES);
        a2.intoArray(tile, to + 4 * LANES);
        b2.intoArray(tile, to + 5 * LANES);
        a3.intoArray(tile, to + 6 * LANES);
        b3.intoArray(tile, to + 7 * LANES);
    }

    private static void tile12(float[] x, int xAt, float[] w, int wAt, int columns, float[] tile, int to) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        FloatVector a4 = a0;
        FloatVector b4 = a0;
        FloatVector a5 = a0;
        FloatVector b5 = a0;
        FloatVector a6 = a0;
        FloatVector b6 = a0;
        FloatVector a7 = a0;
        FloatVector b7 = a0;
        FloatVector a8 = a0;
        FloatVector b8 = a0;
        FloatVector a9 = a0;
        FloatVector b9 = a0;
        FloatVector a10 = a0;
        FloatVector b10 = a0;
        FloatVector a11 = a0;
        FloatVector b11 = a0;
        for (int k = 0; k < columns; k++, wAt += GROUP, xAt += 12) {
            FloatVector u = FloatVector.fromArray(F, w, wAt);
            FloatVector v = FloatVector.fromArray(F, w, wAt + LANES);
            FloatVector s = FloatVector.broadcast(F, x[xAt]);
            a0 = s.fma(u, a0);
            b0 = s.fma(v, b0);
            s = FloatVector.broadcast(F, x[xAt + 1]);
            a1 = s.fma(u, a1);
            b1 = s.fma(v, b1);
            s = FloatVector.broadcast(F, x[xAt + 2]);
            a2 = s.fma(u, a2);
            b2 = s.fma(v, b2);
            s = FloatVector.broadcast(F, x[xAt + 3]);
            a3 = s.fma(u, a3);
            b3 = s.fma(v, b3);
            s = FloatVector.broadcast(F, x[xAt + 4]);
            a4 = s.fma(u, a4);
            b4 = s.fma(v, b4);
            s = FloatVector.broadcast(F, x[xAt + 5]);
            a5 = s.fma(u, a5);
            b5 = s.fma(v, b5);
            s = FloatVector.broadcast(F, x[xAt + 6]);
            a6 = s.fma(u, a6);
            b6 = s.fma(v, b6);
            s = FloatVector.broadcast(F, x[xAt + 7]);
            a7 = s.fma(u, a7);
            b7 = s.fma(v, b7);
            s = FloatVector.broadcast(F, x[xAt + 8]);
            a8 = s.fma(u, a8);
            b8 = s.fma(v, b8);
            s = FloatVector.broadcast(F, x[xAt + 9]);
            a9 = s.fma(u, a9);
            b9 = s.fma(v, b9);
            s = FloatVector.broadcast(F, x[xAt + 10]);
            a10 = s.fma(u, a10);
            b10 = s.fma(v, b10);
            s = FloatVector.broadcast(F, x[xAt + 11]);
            a11 = s.fma(u, a11);
            b11 = s.fma(v, b11);
        }
        a0.intoArray(tile, to + 0 * LANES);
        b0.intoArray(tile, to + 1 * LANES);
        a1.intoArray(tile, to + 2 * LANES);
        b1.intoArray(tile, to + 3 * LANES);
        a2.intoArray(tile, to + 4 * LANES);
        b2.intoArray(tile, to + 5 * LANES);
        a3.intoArray(tile, to + 6 * LANES);
        b3.intoArray(tile, to + 7 * LANES);
        a4.intoArray(tile, to + 8 * LANES);
        b4.intoArray(tile, to + 9 * LANES);
        a5.intoArray(tile, to + 10 * LANES);
        b5.intoArray(tile, to + 11 * LANES);
        a6.intoArray(tile, to + 12 * LANES);
        b6.intoArray(tile, to + 13 * LANES);
        a7.intoArray(tile, to + 14 * LANES);
        b7.intoArray(tile, to + 15 * LANES);
        a8.intoArray(tile, to + 16 * LANES);
        b8.intoArray(tile, to + 17 * LANES);
        a9.intoArray(tile, to + 18 * LANES);
        b9.intoArray(tile, to + 19 * LANES);
        a10.intoArray(tile, to + 20 * LANES);
        b10.intoArray(tile, to + 21 * LANES);
        a11.intoArray(tile, to + 22 * LANES);
        b11.intoArray(tile, to + 23 * LANES);
    }

    /**
     * {@code sums += (chain 0 + chain 1) + (chain 2 + chain 3)}. Apart from the tiles: with it they would be too large for the
     * compiler to keep their sums in registers.
     *
     * @param length values of a chain
     */
    static void add(float[] chains, int length, float[] sums, int at) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(F, sums, at + i)
                    .add(FloatVector.fromArray(F, chains, i)
                            .add(FloatVector.fromArray(F, chains, length + i))
                            .add(FloatVector.fromArray(F, chains, 2 * length + i)
                                    .add(FloatVector.fromArray(F, chains, 3 * length + i))))
                    .intoArray(sums, at + i);
        }
    }
}
