package dev.sluice.cpu;

import dev.sluice.cpu.format.Lanes;
import java.util.Arrays;

/** Products of weights with rows. The rows are packed once for all weights that share them; the output is split over the workers. */
final class Products {
    private final Workers workers;
    private final Packing packing;
    private final CpuWeight.Scratch[] scratch;
    private float[] packed = {}; // [blocks of columns][tiles][columns of the block][rows of the tile]

    Products(Workers workers, Packing packing) {
        this.workers = workers;
        this.packing = packing;
        this.scratch = new CpuWeight.Scratch[workers.size()];
        Arrays.setAll(scratch, i -> new CpuWeight.Scratch());
    }

    /** {@code out = W x} for the first {@code rows} rows of {@code x}. */
    void multiply(CpuBuf x, int rows, CpuWeight w, int slice, CpuBuf out) {
        multiply(x, rows, new CpuWeight[] {w}, slice, new CpuBuf[] {out});
    }

    /** The products of several weights with the same rows. */
    void multiply(CpuBuf x, int rows, CpuWeight[] weights, int slice, CpuBuf[] outs) {
        for (CpuWeight w : weights) {
            packing.prepare(w, workers);
        }
        if (rows == 0) {
            return;
        }
        int groups = 0;
        for (CpuWeight w : weights) {
            groups += w.groups();
        }
        if (rows > 1) {
            pack(x, rows, weights[0].columns());
        }
        workers.run(groups, (part, worker) -> {
            int i = 0;
            int group = part;
            while (group >= weights[i].groups()) {
                group -= weights[i++].groups();
            }
            multiplyGroup(x, rows, weights[i], slice, group, outs[i], scratch[worker]);
        });
    }

    private void multiplyGroup(CpuBuf x, int rows, CpuWeight w, int slice, int group, CpuBuf out, CpuWeight.Scratch s) {
        int padded = padded(rows);
        float[] sums = s.sums(padded);
        Arrays.fill(sums, 0, padded * Lanes.GROUP, 0);
        for (int from = 0; from < w.columns(); from += CpuWeight.BLOCK_COLUMNS) {
            int count = Math.min(CpuWeight.BLOCK_COLUMNS, w.columns() - from);
            if (rows == 1) {
                w.dot(slice, group, from, count, x.data(), x.offset() + from, sums, s);
            } else {
                Gemm.multiply(
                        packed, from * padded, padded, w.panel(slice, group, from, count, s), count, sums, s.tile);
            }
        }
        int first = group * Lanes.GROUP;
        int count = Math.min(Lanes.GROUP, w.rows() - first);
        float scale = w.scale(slice);
        for (int i = 0; i < rows; i++) {
            int to = out.row(i) + first;
            for (int r = 0; r < count; r++) {
                out.data()[to + r] = sums[i * Lanes.GROUP + r] * scale;
            }
        }
    }

    private static int padded(int rows) {
        return rows == 1 ? 1 : Math.ceilDiv(rows, Gemm.SMALL_TILE) * Gemm.SMALL_TILE;
    }

    /** Packs rows for {@link Gemm}; rows that pad the last tile hold what they held, and their sums are not read. */
    private void pack(CpuBuf x, int rows, int columns) {
        int padded = padded(rows);
        if (packed.length < padded * columns) {
            packed = new float[padded * columns];
        }
        int full = padded / Gemm.TILE;
        int tiles = full + (padded - full * Gemm.TILE) / Gemm.SMALL_TILE;
        workers.run(tiles, (tile, worker) -> {
            int first = tile < full ? tile * Gemm.TILE : full * Gemm.TILE + (tile - full) * Gemm.SMALL_TILE;
            int height = Gemm.tileRows(first, padded);
            for (int from = 0; from < columns; from += CpuWeight.BLOCK_COLUMNS) {
                int count = Math.min(CpuWeight.BLOCK_COLUMNS, columns - from);
                int to = from * padded + first * count;
                for (int i = 0; i < Math.min(height, rows - first); i++) {
                    int row = x.row(first + i) + from;
                    for (int k = 0; k < count; k++) {
                        packed[to + k * height + i] = x.data()[row + k];
                    }
                }
            }
        });
    }

    void siluMul(CpuBuf gate, CpuBuf up, int rows, CpuBuf out) {
        workers.run(rows, (row, worker) -> {
            Activations.siluMul(
                    gate.data(), gate.row(row), up.data(), up.row(row), out.data(), out.row(row), gate.width());
        });
    }
}
