package dev.sluice.cpu;

/** Products of weights with rows, the output split over the workers. */
final class Products {
    private final Workers workers;
    private final int tileFloats;
    private final float[][] panels;
    private final float[][] sums;

    /** @param tileFloats size of the tile of weights that a worker decodes at a time */
    Products(Workers workers, int tileFloats) {
        this.workers = workers;
        this.tileFloats = tileFloats;
        this.panels = new float[workers.size()][0];
        this.sums = new float[workers.size()][Gemm.SUMS];
    }

    /** A worker's memory for decoded weights, at least {@code floats} long. */
    float[] panel(int worker, int floats) {
        if (panels[worker].length < floats) {
            panels[worker] = new float[floats];
        }
        return panels[worker];
    }

    /** {@code out = W x} for the first {@code rows} rows of {@code x}. */
    void multiply(CpuBuf x, int rows, CpuWeight w, int slice, CpuBuf out) {
        if (rows == 0) {
            return;
        }
        int columns = w.columns();
        int tile = Math.max(4, Math.min(64, tileFloats / columns / 4 * 4));
        workers.run((w.rows() + tile - 1) / tile, (part, worker) -> {
            int first = part * tile;
            int count = Math.min(tile, w.rows() - first);
            float[] panel = panel(worker, tile * columns);
            w.decode(slice, first, count, panel);
            Gemm.multiply(
                    x.data(),
                    x.offset(),
                    x.stride(),
                    rows,
                    panel,
                    count,
                    columns,
                    sums[worker],
                    out.data(),
                    out.offset() + first,
                    out.stride());
        });
    }

    void siluMul(CpuBuf gate, CpuBuf up, int rows, CpuBuf out) {
        workers.run(rows, (row, worker) -> {
            int g = gate.row(row);
            int u = up.row(row);
            int o = out.row(row);
            for (int c = 0; c < gate.width(); c++) {
                out.data()[o + c] = Activations.silu(gate.data()[g + c]) * up.data()[u + c];
            }
        });
    }
}
