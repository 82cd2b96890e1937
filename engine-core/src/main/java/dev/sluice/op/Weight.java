package dev.sluice.op;

/**
 * A matrix of the model (or a stack of them, one for each expert), bound to a backend. {@code y = W x} takes the dot
 * product of each of its {@code rows} rows with a vector of {@code columns} values.
 */
public interface Weight {
    String name();

    int rows();

    int columns();

    /** Matrices in the stack; 1 for a plain matrix. */
    int slices();

    /** Bytes that one pass over one slice reads. */
    long sliceBytes();
}
