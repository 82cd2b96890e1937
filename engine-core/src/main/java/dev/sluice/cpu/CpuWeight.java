package dev.sluice.cpu;

import dev.sluice.cpu.format.Format;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView;
import java.lang.foreign.MemorySegment;

/**
 * A bound matrix, or stack of them, in the bytes of the file.
 *
 * @param data the whole tensor
 * @param view which rows of each slice
 * @param sliceStride bytes from one slice to the next
 * @param scale factors on the product: none, one, or one a slice
 */
record CpuWeight(
        String name,
        Format format,
        MemorySegment data,
        WeightView.Rows view,
        int columns,
        int slices,
        long rowBytes,
        long sliceStride,
        float[] scale)
        implements Weight {

    @Override
    public int rows() {
        return view.count();
    }

    @Override
    public long sliceBytes() {
        return rows() * rowBytes;
    }

    /** Decodes rows {@code first} to {@code first + count} of a slice to {@code out}, row after row. */
    void decode(int slice, int first, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            long at = slice * sliceStride + view.at(first + i) * rowBytes;
            format.decodeRow(data, at, out, i * columns, columns);
        }
        if (scale.length > 0) {
            float factor = scale[scale.length == 1 ? 0 : slice];
            for (int i = 0; i < count * columns; i++) {
                out[i] *= factor;
            }
        }
    }
}
