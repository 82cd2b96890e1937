package dev.sluice.cpu;

import dev.sluice.op.Norm;

/** Rows that a product takes: what is done to them first is done while they are packed. */
@FunctionalInterface
interface RowSource {
    /** Writes row {@code row} to the beginning of {@code out}. */
    void read(int row, float[] out);

    static RowSource of(CpuBuf x) {
        return (row, out) -> System.arraycopy(x.data(), x.row(row), out, 0, x.width());
    }

    static RowSource normed(Norm norm, CpuBuf x) {
        int length = norm.weight().length();
        return (row, out) -> {
            for (int c = 0; c < x.width(); c += length) {
                RowKernels.rmsNorm(norm, x.data(), x.row(row) + c, out, c, length);
            }
        };
    }
}
