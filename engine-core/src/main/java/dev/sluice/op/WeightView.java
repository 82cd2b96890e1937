package dev.sluice.op;

import dev.sluice.gguf.Tensor;

/**
 * Which part of a tensor is a weight: the same rows of every slice.
 *
 * @param tensor {columns, rows of the tensor, slices}
 * @param scale factors on the product, one for all slices or one a slice (NVFP4 files); empty for none
 * @param rows which rows of a slice, the same of each
 */
public record WeightView(Tensor tensor, Rows rows, float[] scale) {
    /** For a weight whose product is taken as it is. */
    public static final float[] NO_SCALE = {};

    /**
     * Rows of a slice: runs of {@code run} adjacent rows, each starting {@code pitch} rows after the one before. Row
     * {@code i} of the weight is row {@code first + i / run * pitch + i % run} of the slice.
     *
     * @param count rows in all, a multiple of {@code run}
     * @param first row where the first run starts
     * @param run adjacent rows, 1 or more
     * @param pitch rows from the start of a run to that of the next, at least {@code run}
     */
    public record Rows(int first, int count, int run, int pitch) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if they are no such runs
         */
        public Rows {
            if (first < 0 || run < 1 || pitch < run || count < run || count % run != 0) {
                throw new IllegalArgumentException(
                        count + " rows from row " + first + " in runs of " + run + " every " + pitch + " rows");
            }
        }

        /**
         * {@return adjacent rows}
         *
         * @param first row where they start
         * @param count 1 or more
         */
        public static Rows range(int first, int count) {
            return new Rows(first, count, count, count);
        }

        /**
         * {@return row of the slice that is row {@code i} of the weight}
         *
         * @param i from 0, below {@code count}
         */
        public int at(int i) {
            return first + i / run * pitch + i % run;
        }
    }

    /**
     * Checks the rows and factors against the tensor.
     *
     * @throws IllegalArgumentException if the tensor has not so many rows, or the factors are neither one nor one a
     *     slice
     */
    public WeightView {
        long last = rows.first + (rows.count / rows.run - 1L) * rows.pitch + rows.run - 1;
        if (last >= tensor.ne(1)) {
            throw new IllegalArgumentException(
                    "tensor " + tensor.name() + " has " + tensor.ne(1) + " rows, there is no row " + last);
        }
        if (scale.length > 1 && scale.length != tensor.ne(2)) {
            throw new IllegalArgumentException("tensor " + tensor.name() + ": " + scale.length + " scale factors for "
                    + tensor.ne(2) + " matrices");
        }
    }

    /** {@return length of the vector that is multiplied} */
    public int columns() {
        return Math.toIntExact(tensor.ne(0));
    }

    /** {@return matrices in the stack; 1 for a plain matrix} */
    public int slices() {
        return Math.toIntExact(tensor.ne(2));
    }
}
