package dev.sluice.op;

/** Working memory of a bound model: {@code width} F32 values for every row of the step. Owned by its backend. */
public interface Buf {
    /** {@return values per row} */
    int width();

    /**
     * {@return the same memory seen as columns {@code from} to {@code from + width} of every row}
     *
     * @param from first column
     * @param width number of columns
     */
    Buf slice(int from, int width);
}
