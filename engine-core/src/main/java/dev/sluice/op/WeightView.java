package dev.sluice.op;

import dev.sluice.gguf.Tensor;

/**
 * Which part of a tensor is a weight: rows {@code firstRow} to {@code firstRow + rows} of every slice.
 *
 * @param tensor {columns, rows of the tensor, slices}
 * @param scale factors on the product, one for all slices or one a slice (NVFP4 files); empty for none
 */
public record WeightView(Tensor tensor, int firstRow, int rows, float[] scale) {
    public static final float[] NO_SCALE = {};

    public WeightView {
        if (firstRow < 0 || rows < 1 || firstRow + (long) rows > tensor.ne(1)) {
            throw new IllegalArgumentException("tensor " + tensor.name() + " has " + tensor.ne(1) + " rows, not rows "
                    + firstRow + " to " + (firstRow + (long) rows));
        }
        if (scale.length > 1 && scale.length != tensor.ne(2)) {
            throw new IllegalArgumentException("tensor " + tensor.name() + ": " + scale.length + " scale factors for "
                    + tensor.ne(2) + " matrices");
        }
    }

    public int columns() {
        return Math.toIntExact(tensor.ne(0));
    }

    public int slices() {
        return Math.toIntExact(tensor.ne(2));
    }
}
