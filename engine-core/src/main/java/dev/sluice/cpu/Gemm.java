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
    /** Rows of x in a full tile: with two vectors of weights, 24 sums for the 32 registers of AVX-512 and NEON. */
    static final int TILE = 12;

    /** Rows of x in the tiles of the rest; rows are padded to a multiple of it. */
    static final int SMALL_TILE = 4;

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

    /**
     * {@code sums[i][r] += sum over k of x_i[k] * w_r[k]}.
     *
     * @param x tile after tile, each {@code [columns][rows of the tile]}, from {@code xAt}
     * @param rows padded rows of x
     * @param panel {@code [columns][GROUP]}, from {@code panelAt}
     * @param sums {@code [rows][GROUP]}, from {@code sumsAt}
     * @param tile room for a tile of sums, {@code TILE * GROUP}
     */
    static void multiply(
            float[] x,
            int xAt,
            int rows,
            float[] panel,
            int panelAt,
            int columns,
            float[] sums,
            int sumsAt,
            float[] tile) {
        for (int i = 0; i < rows; ) {
            int height = tileRows(i, rows);
            if (height == TILE) {
                tile12(x, xAt + i * columns, panel, panelAt, columns, tile);
            } else {
                tile4(x, xAt + i * columns, panel, panelAt, columns, tile);
            }
            add(tile, height * GROUP, sums, sumsAt + i * GROUP);
            i += height;
        }
    }

    /** The same for one row, {@code columns} values at {@code xAt}. */
    static void multiplyRow(float[] x, int xAt, float[] panel, int columns, float[] sums, int sumsAt) {
        FloatVector a = FloatVector.zero(F);
        FloatVector b = a;
        for (int k = 0; k < columns; k++) {
            FloatVector s = FloatVector.broadcast(F, x[xAt + k]);
            a = s.fma(FloatVector.fromArray(F, panel, k * GROUP), a);
            b = s.fma(FloatVector.fromArray(F, panel, k * GROUP + LANES), b);
        }
        FloatVector.fromArray(F, sums, sumsAt).add(a).intoArray(sums, sumsAt);
        FloatVector.fromArray(F, sums, sumsAt + LANES).add(b).intoArray(sums, sumsAt + LANES);
    }

    private static void tile4(float[] x, int xAt, float[] w, int wAt, int columns, float[] tile) {
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
        a0.intoArray(tile, 0 * LANES);
        b0.intoArray(tile, 1 * LANES);
        a1.intoArray(tile, 2 * LANES);
        b1.intoArray(tile, 3 * LANES);
        a2.intoArray(tile, 4 * LANES);
        b2.intoArray(tile, 5 * LANES);
        a3.intoArray(tile, 6 * LANES);
        b3.intoArray(tile, 7 * LANES);
    }

    private static void tile12(float[] x, int xAt, float[] w, int wAt, int columns, float[] tile) {
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
        a0.intoArray(tile, 0 * LANES);
        b0.intoArray(tile, 1 * LANES);
        a1.intoArray(tile, 2 * LANES);
        b1.intoArray(tile, 3 * LANES);
        a2.intoArray(tile, 4 * LANES);
        b2.intoArray(tile, 5 * LANES);
        a3.intoArray(tile, 6 * LANES);
        b3.intoArray(tile, 7 * LANES);
        a4.intoArray(tile, 8 * LANES);
        b4.intoArray(tile, 9 * LANES);
        a5.intoArray(tile, 10 * LANES);
        b5.intoArray(tile, 11 * LANES);
        a6.intoArray(tile, 12 * LANES);
        b6.intoArray(tile, 13 * LANES);
        a7.intoArray(tile, 14 * LANES);
        b7.intoArray(tile, 15 * LANES);
        a8.intoArray(tile, 16 * LANES);
        b8.intoArray(tile, 17 * LANES);
        a9.intoArray(tile, 18 * LANES);
        b9.intoArray(tile, 19 * LANES);
        a10.intoArray(tile, 20 * LANES);
        b10.intoArray(tile, 21 * LANES);
        a11.intoArray(tile, 22 * LANES);
        b11.intoArray(tile, 23 * LANES);
    }

    /** Apart from the tiles: with it they would be too large for the compiler to keep their sums in registers. */
    private static void add(float[] tile, int length, float[] sums, int at) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(F, sums, at + i)
                    .add(FloatVector.fromArray(F, tile, i))
                    .intoArray(sums, at + i);
        }
    }
}
