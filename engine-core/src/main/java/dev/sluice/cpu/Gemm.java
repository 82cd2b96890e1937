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

    /** From one row to the next, where rows are not packed. */
    static final int LINE = KvCache.BLOCK_ROWS;

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
     * {@code sums[i][r] += sum over k of x_i[k] * w_r[k]}, chain after chain.
     *
     * @param x tile after tile, each {@code [4 chains][pitch][rows of the tile]}, from {@code xAt}
     * @param rows padded rows of x
     * @param panel {@code [4 chains][pitch][GROUP]}, from {@code panelAt}
     * @param columns at most four times the pitch
     * @param sums {@code [rows][GROUP]}, from {@code sumsAt}
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
            int sumsAt) {
        for (int i = 0; i < rows; ) {
            int height = tileRows(i, rows);
            for (int c = 0; c < 4; c++) {
                int at = xAt + (4 * i + c * height) * pitch;
                int w = panelAt + c * pitch * GROUP;
                if (height == SMALL_TILE) {
                    tile4(x, at, panel, w, length(c, columns), sums, sumsAt + i * GROUP);
                } else {
                    tile12(x, at, panel, w, length(c, columns), sums, sumsAt + i * GROUP);
                }
            }
            i += height;
        }
    }

    /**
     * As {@link #multiply} for rows that are not packed: row {@code i} is at {@code xAt + i * LINE}, columns side by side. The
     * compiler must know the distance, or each value is looked up anew.
     */
    static void multiplyLines(
            float[] x,
            int xAt,
            int rows,
            float[] panel,
            int panelAt,
            int columns,
            int pitch,
            float[] sums,
            int sumsAt) {
        for (int i = 0; i < rows; ) {
            int height = tileRows(i, rows);
            for (int c = 0; c < 4; c++) {
                int at = xAt + i * LINE + c;
                int w = panelAt + c * pitch * GROUP;
                if (height == SMALL_TILE) {
                    lines4(x, at, panel, w, length(c, columns), sums, sumsAt + i * GROUP);
                } else {
                    lines12(x, at, panel, w, length(c, columns), sums, sumsAt + i * GROUP);
                }
            }
            i += height;
        }
    }

    /** The same for one row, {@code columns} values in their order at {@code xAt}. */
    static void multiplyRow(float[] x, int xAt, float[] panel, int columns, float[] sums, int sumsAt) {
        for (int c = 0; c < 4; c++) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = a;
            int w = c * pitch(columns) * GROUP;
            for (int k = c; k < columns; k += 4, w += GROUP) {
                FloatVector s = FloatVector.broadcast(F, x[xAt + k]);
                a = s.fma(FloatVector.fromArray(F, panel, w), a);
                b = s.fma(FloatVector.fromArray(F, panel, w + LANES), b);
            }
            FloatVector.fromArray(F, sums, sumsAt).add(a).intoArray(sums, sumsAt);
            FloatVector.fromArray(F, sums, sumsAt + LANES).add(b).intoArray(sums, sumsAt + LANES);
        }
    }

    private static void tile4(float[] x, int xAt, float[] w, int wAt, int columns, float[] sums, int to) {
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
        FloatVector.fromArray(F, sums, to).add(a0).intoArray(sums, to);
        FloatVector.fromArray(F, sums, to + LANES).add(b0).intoArray(sums, to + LANES);
        FloatVector.fromArray(F, sums, to + 2 * LANES).add(a1).intoArray(sums, to + 2 * LANES);
        FloatVector.fromArray(F, sums, to + 3 * LANES).add(b1).intoArray(sums, to + 3 * LANES);
        FloatVector.fromArray(F, sums, to + 4 * LANES).add(a2).intoArray(sums, to + 4 * LANES);
        FloatVector.fromArray(F, sums, to + 5 * LANES).add(b2).intoArray(sums, to + 5 * LANES);
        FloatVector.fromArray(F, sums, to + 6 * LANES).add(a3).intoArray(sums, to + 6 * LANES);
        FloatVector.fromArray(F, sums, to + 7 * LANES).add(b3).intoArray(sums, to + 7 * LANES);
    }

    private static void tile12(float[] x, int xAt, float[] w, int wAt, int columns, float[] sums, int to) {
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
        FloatVector.fromArray(F, sums, to).add(a0).intoArray(sums, to);
        FloatVector.fromArray(F, sums, to + LANES).add(b0).intoArray(sums, to + LANES);
        FloatVector.fromArray(F, sums, to + 2 * LANES).add(a1).intoArray(sums, to + 2 * LANES);
        FloatVector.fromArray(F, sums, to + 3 * LANES).add(b1).intoArray(sums, to + 3 * LANES);
        FloatVector.fromArray(F, sums, to + 4 * LANES).add(a2).intoArray(sums, to + 4 * LANES);
        FloatVector.fromArray(F, sums, to + 5 * LANES).add(b2).intoArray(sums, to + 5 * LANES);
        FloatVector.fromArray(F, sums, to + 6 * LANES).add(a3).intoArray(sums, to + 6 * LANES);
        FloatVector.fromArray(F, sums, to + 7 * LANES).add(b3).intoArray(sums, to + 7 * LANES);
        FloatVector.fromArray(F, sums, to + 8 * LANES).add(a4).intoArray(sums, to + 8 * LANES);
        FloatVector.fromArray(F, sums, to + 9 * LANES).add(b4).intoArray(sums, to + 9 * LANES);
        FloatVector.fromArray(F, sums, to + 10 * LANES).add(a5).intoArray(sums, to + 10 * LANES);
        FloatVector.fromArray(F, sums, to + 11 * LANES).add(b5).intoArray(sums, to + 11 * LANES);
        FloatVector.fromArray(F, sums, to + 12 * LANES).add(a6).intoArray(sums, to + 12 * LANES);
        FloatVector.fromArray(F, sums, to + 13 * LANES).add(b6).intoArray(sums, to + 13 * LANES);
        FloatVector.fromArray(F, sums, to + 14 * LANES).add(a7).intoArray(sums, to + 14 * LANES);
        FloatVector.fromArray(F, sums, to + 15 * LANES).add(b7).intoArray(sums, to + 15 * LANES);
        FloatVector.fromArray(F, sums, to + 16 * LANES).add(a8).intoArray(sums, to + 16 * LANES);
        FloatVector.fromArray(F, sums, to + 17 * LANES).add(b8).intoArray(sums, to + 17 * LANES);
        FloatVector.fromArray(F, sums, to + 18 * LANES).add(a9).intoArray(sums, to + 18 * LANES);
        FloatVector.fromArray(F, sums, to + 19 * LANES).add(b9).intoArray(sums, to + 19 * LANES);
        FloatVector.fromArray(F, sums, to + 20 * LANES).add(a10).intoArray(sums, to + 20 * LANES);
        FloatVector.fromArray(F, sums, to + 21 * LANES).add(b10).intoArray(sums, to + 21 * LANES);
        FloatVector.fromArray(F, sums, to + 22 * LANES).add(a11).intoArray(sums, to + 22 * LANES);
        FloatVector.fromArray(F, sums, to + 23 * LANES).add(b11).intoArray(sums, to + 23 * LANES);
    }

    private static void lines4(float[] x, int xAt, float[] w, int wAt, int columns, float[] sums, int to) {
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
            s = FloatVector.broadcast(F, x[xAt + LINE]);
            a1 = s.fma(u, a1);
            b1 = s.fma(v, b1);
            s = FloatVector.broadcast(F, x[xAt + 2 * LINE]);
            a2 = s.fma(u, a2);
            b2 = s.fma(v, b2);
            s = FloatVector.broadcast(F, x[xAt + 3 * LINE]);
            a3 = s.fma(u, a3);
            b3 = s.fma(v, b3);
        }
        FloatVector.fromArray(F, sums, to).add(a0).intoArray(sums, to);
        FloatVector.fromArray(F, sums, to + LANES).add(b0).intoArray(sums, to + LANES);
        FloatVector.fromArray(F, sums, to + 2 * LANES).add(a1).intoArray(sums, to + 2 * LANES);
        FloatVector.fromArray(F, sums, to + 3 * LANES).add(b1).intoArray(sums, to + 3 * LANES);
        FloatVector.fromArray(F, sums, to + 4 * LANES).add(a2).intoArray(sums, to + 4 * LANES);
        FloatVector.fromArray(F, sums, to + 5 * LANES).add(b2).intoArray(sums, to + 5 * LANES);
        FloatVector.fromArray(F, sums, to + 6 * LANES).add(a3).intoArray(sums, to + 6 * LANES);
        FloatVector.fromArray(F, sums, to + 7 * LANES).add(b3).intoArray(sums, to + 7 * LANES);
    }

    private static void lines12(float[] x, int xAt, float[] w, int wAt, int columns, float[] sums, int to) {
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
        for (int k = 0; k < columns; k++, wAt += GROUP, xAt += 4) {
            FloatVector u = FloatVector.fromArray(F, w, wAt);
            FloatVector v = FloatVector.fromArray(F, w, wAt + LANES);
            FloatVector s = FloatVector.broadcast(F, x[xAt]);
            a0 = s.fma(u, a0);
            b0 = s.fma(v, b0);
            s = FloatVector.broadcast(F, x[xAt + LINE]);
            a1 = s.fma(u, a1);
            b1 = s.fma(v, b1);
            s = FloatVector.broadcast(F, x[xAt + 2 * LINE]);
            a2 = s.fma(u, a2);
            b2 = s.fma(v, b2);
            s = FloatVector.broadcast(F, x[xAt + 3 * LINE]);
            a3 = s.fma(u, a3);
            b3 = s.fma(v, b3);
            s = FloatVector.broadcast(F, x[xAt + 4 * LINE]);
            a4 = s.fma(u, a4);
            b4 = s.fma(v, b4);
            s = FloatVector.broadcast(F, x[xAt + 5 * LINE]);
            a5 = s.fma(u, a5);
            b5 = s.fma(v, b5);
            s = FloatVector.broadcast(F, x[xAt + 6 * LINE]);
            a6 = s.fma(u, a6);
            b6 = s.fma(v, b6);
            s = FloatVector.broadcast(F, x[xAt + 7 * LINE]);
            a7 = s.fma(u, a7);
            b7 = s.fma(v, b7);
            s = FloatVector.broadcast(F, x[xAt + 8 * LINE]);
            a8 = s.fma(u, a8);
            b8 = s.fma(v, b8);
            s = FloatVector.broadcast(F, x[xAt + 9 * LINE]);
            a9 = s.fma(u, a9);
            b9 = s.fma(v, b9);
            s = FloatVector.broadcast(F, x[xAt + 10 * LINE]);
            a10 = s.fma(u, a10);
            b10 = s.fma(v, b10);
            s = FloatVector.broadcast(F, x[xAt + 11 * LINE]);
            a11 = s.fma(u, a11);
            b11 = s.fma(v, b11);
        }
        FloatVector.fromArray(F, sums, to).add(a0).intoArray(sums, to);
        FloatVector.fromArray(F, sums, to + LANES).add(b0).intoArray(sums, to + LANES);
        FloatVector.fromArray(F, sums, to + 2 * LANES).add(a1).intoArray(sums, to + 2 * LANES);
        FloatVector.fromArray(F, sums, to + 3 * LANES).add(b1).intoArray(sums, to + 3 * LANES);
        FloatVector.fromArray(F, sums, to + 4 * LANES).add(a2).intoArray(sums, to + 4 * LANES);
        FloatVector.fromArray(F, sums, to + 5 * LANES).add(b2).intoArray(sums, to + 5 * LANES);
        FloatVector.fromArray(F, sums, to + 6 * LANES).add(a3).intoArray(sums, to + 6 * LANES);
        FloatVector.fromArray(F, sums, to + 7 * LANES).add(b3).intoArray(sums, to + 7 * LANES);
        FloatVector.fromArray(F, sums, to + 8 * LANES).add(a4).intoArray(sums, to + 8 * LANES);
        FloatVector.fromArray(F, sums, to + 9 * LANES).add(b4).intoArray(sums, to + 9 * LANES);
        FloatVector.fromArray(F, sums, to + 10 * LANES).add(a5).intoArray(sums, to + 10 * LANES);
        FloatVector.fromArray(F, sums, to + 11 * LANES).add(b5).intoArray(sums, to + 11 * LANES);
        FloatVector.fromArray(F, sums, to + 12 * LANES).add(a6).intoArray(sums, to + 12 * LANES);
        FloatVector.fromArray(F, sums, to + 13 * LANES).add(b6).intoArray(sums, to + 13 * LANES);
        FloatVector.fromArray(F, sums, to + 14 * LANES).add(a7).intoArray(sums, to + 14 * LANES);
        FloatVector.fromArray(F, sums, to + 15 * LANES).add(b7).intoArray(sums, to + 15 * LANES);
        FloatVector.fromArray(F, sums, to + 16 * LANES).add(a8).intoArray(sums, to + 16 * LANES);
        FloatVector.fromArray(F, sums, to + 17 * LANES).add(b8).intoArray(sums, to + 17 * LANES);
        FloatVector.fromArray(F, sums, to + 18 * LANES).add(a9).intoArray(sums, to + 18 * LANES);
        FloatVector.fromArray(F, sums, to + 19 * LANES).add(b9).intoArray(sums, to + 19 * LANES);
        FloatVector.fromArray(F, sums, to + 20 * LANES).add(a10).intoArray(sums, to + 20 * LANES);
        FloatVector.fromArray(F, sums, to + 21 * LANES).add(b10).intoArray(sums, to + 21 * LANES);
        FloatVector.fromArray(F, sums, to + 22 * LANES).add(a11).intoArray(sums, to + 22 * LANES);
        FloatVector.fromArray(F, sums, to + 23 * LANES).add(b11).intoArray(sums, to + 23 * LANES);
    }
}
