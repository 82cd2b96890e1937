package dev.sluice.cpu;

import dev.sluice.cpu.format.Lanes;
import java.util.Arrays;

/**
 * Products of weights with rows. The rows are packed once for all weights that share them; the output is split over the
 * workers, group by group of the weights' rows.
 */
final class Products {
    /** Groups taken at once: while a block of columns of the packed rows is near, all of them use it. */
    private static final int MAX_GROUPS = 4;

    /** The same for a single row, where a long way through memory is what counts. */
    private static final int MAX_GROUPS_OF_ONE = 32;

    private final Workers workers;
    private final int maxRows;
    private final CpuWeight.Scratch[] scratch;
    private final Floats packed; // [blocks of columns][tiles][4 chains][columns of a chain][rows of the tile]

    /**
     * @param maxRows rows of the largest step
     * @param packed room for the packed rows of one product
     */
    Products(Workers workers, int maxRows, Floats packed) {
        this.workers = workers;
        this.maxRows = maxRows;
        this.packed = packed;
        this.scratch = new CpuWeight.Scratch[workers.size()];
        Arrays.setAll(scratch, i -> new CpuWeight.Scratch());
    }

    Workers workers() {
        return workers;
    }

    CpuWeight.Scratch scratch(int worker) {
        return scratch[worker];
    }

    /** Rows as they are packed: a single row stays as it is, more are filled up to whole tiles. */
    static int padded(int rows) {
        return rows == 1 ? 1 : Math.ceilDiv(rows, Gemm.SMALL_TILE) * Gemm.SMALL_TILE;
    }

    /**
     * How many of some groups take a block of columns before the next block: all, while the rows' columns are near; one where
     * there is a single row and the way goes straight through the memory.
     */
    static int near(int padded, int groups) {
        return padded == 1 ? 1 : groups;
    }

    /**
     * Adds the products of one block of columns of a group with packed rows.
     *
     * @param x packed rows
     * @param xAt where they begin
     * @param padded their number
     * @param sums receives {@code [padded][GROUP]} from {@code sumsAt}
     */
    static void addBlock(
            CpuWeight w,
            int slice,
            int group,
            int from,
            float[] x,
            int xAt,
            int padded,
            float[] sums,
            int sumsAt,
            CpuWeight.Scratch s) {
        int count = Math.min(CpuWeight.BLOCK_COLUMNS, w.columns() - from);
        int at = xAt + from * padded;
        if (padded == 1) {
            w.dot(slice, group, from, count, x, at, sums, sumsAt, s);
        } else if (padded < Gemm.TILE && padded <= w.mostRows(count)) {
            w.dots(slice, group, from, count, x, at, padded, sums, sumsAt, s);
        } else {
            float[] panel = w.panel(slice, group, from, count, s);
            Gemm.multiply(x, at, padded, panel, 0, count, Gemm.pitch(count), sums, sumsAt);
        }
    }

    /**
     * Puts one row among packed rows. Places of rows that fill up the last tile keep what they hold, and their sums are
     * not read.
     *
     * @param row the values, from {@code rowAt}
     * @param index which of the packed rows
     */
    static void pack(float[] row, int rowAt, int columns, int index, int padded, float[] to, int toAt) {
        if (padded == 1) {
            System.arraycopy(row, rowAt, to, toAt, columns);
            return;
        }
        int first = Gemm.tileOf(index, padded);
        int height = Gemm.tileRows(first, padded);
        for (int from = 0; from < columns; from += CpuWeight.BLOCK_COLUMNS) {
            int count = Math.min(CpuWeight.BLOCK_COLUMNS, columns - from);
            int pitch = Gemm.pitch(count);
            int at = toAt + from * padded + first * 4 * pitch + index - first;
            for (int c = 0; c < 4; c++) {
                int place = at + c * pitch * height;
                int source = rowAt + from + c;
                for (int k = 0; k < Gemm.length(c, count); k++) {
                    to[place + k * height] = row[source + 4 * k];
                }
            }
        }
    }

    /** The products of several weights with the same rows: made once, run in every step. */
    Product product(RowSource x, CpuWeight[] weights, CpuBuf[] outs) {
        return new Product(x, weights, outs);
    }

    final class Product {
        private final RowSource x;
        private final CpuWeight[] weights;
        private final CpuBuf[] outs;
        private final int columns;
        private final int groups;
        private final Workers.Part pack = this::packTile;
        private final Workers.Parts multiply = this::multiply;
        private int rows;
        private int padded;

        private Product(RowSource x, CpuWeight[] weights, CpuBuf[] outs) {
            this.x = x;
            this.weights = weights;
            this.outs = outs;
            columns = weights[0].columns();
            groups = Arrays.stream(weights).mapToInt(CpuWeight::groups).sum();
            packed.reserve((long) padded(maxRows) * Gemm.packed(columns));
        }

        /** Multiplies the first {@code rows} rows. */
        void run(int rows) {
            if (rows == 0) {
                return;
            }
            this.rows = rows;
            padded = padded(rows);
            workers.run(Math.ceilDiv(rows, Gemm.TILE), pack);
            workers.run(groups, rows == 1 ? MAX_GROUPS_OF_ONE : MAX_GROUPS, multiply);
        }

        /** The rows of one tile, so that no two workers write to the same places. */
        private void packTile(int tile, int worker) {
            float[] values = scratch[worker].row(columns);
            for (int row = tile * Gemm.TILE; row < Math.min(rows, (tile + 1) * Gemm.TILE); row++) {
                x.read(row, values);
                pack(values, 0, columns, row, padded, packed.array(), 0);
            }
        }

        /** Groups {@code first} to {@code last - 1} of all weights. */
        private void multiply(int first, int last, int worker) {
            CpuWeight.Scratch s = scratch[worker];
            int size = padded * Lanes.GROUP;
            float[] sums = s.sums((last - first) * size);
            Arrays.fill(sums, 0, (last - first) * size, 0);
            int near = near(padded, last - first);
            for (int group = first; group < last; group += near) {
                for (int from = 0; from < columns; from += CpuWeight.BLOCK_COLUMNS) {
                    for (int g = group; g < group + near; g++) {
                        int i = weightOf(g);
                        int of = g - groupsBefore(i);
                        addBlock(weights[i], 0, of, from, packed.array(), 0, padded, sums, (g - first) * size, s);
                    }
                }
            }
            for (int g = first; g < last; g++) {
                int i = weightOf(g);
                store(weights[i], g - groupsBefore(i), sums, (g - first) * size, outs[i]);
            }
        }

        private int weightOf(int group) {
            int i = 0;
            for (int before = weights[0].groups(); before <= group; before += weights[i].groups()) {
                i++;
            }
            return i;
        }

        private int groupsBefore(int weight) {
            int before = 0;
            for (int i = 0; i < weight; i++) {
                before += weights[i].groups();
            }
            return before;
        }

        private void store(CpuWeight w, int group, float[] sums, int sumsAt, CpuBuf out) {
            int first = group * Lanes.GROUP;
            int count = Math.min(Lanes.GROUP, w.rows() - first);
            float scale = w.scale(0);
            for (int row = 0; row < rows; row++) {
                Simd.scale(scale, sums, sumsAt + row * Lanes.GROUP, out.data(), out.row(row) + first, count);
            }
        }
    }
}
