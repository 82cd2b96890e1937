package dev.sluice.op;

/** Working memory of a bound model: {@code width} F32 values for every row of the step. Owned by its backend. */
public interface Buf {
    /** Values per row. */
    int width();

    /** The same memory seen as columns {@code from} to {@code from + width} of every row. */
    Buf slice(int from, int width);
}
