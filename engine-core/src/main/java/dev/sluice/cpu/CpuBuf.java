package dev.sluice.cpu;

import dev.sluice.op.Buf;

/** Rows of F32 in one array; row {@code i} starts at {@code offset + i * stride}. */
record CpuBuf(float[] data, int offset, int width, int stride) implements Buf {
    @Override
    public CpuBuf slice(int from, int width) {
        if (from < 0 || width < 1 || from + width > this.width) {
            throw new IllegalArgumentException(
                    "columns " + from + " to " + (from + width) + " of a buffer of width " + this.width);
        }
        return new CpuBuf(data, offset + from, width, stride);
    }

    int row(int i) {
        return offset + i * stride;
    }
}
