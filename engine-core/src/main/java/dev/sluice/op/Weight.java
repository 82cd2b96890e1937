package dev.sluice.op;

/**
 * A matrix of the model (or a stack of them, one for each expert), bound to a backend. {@code y = W x} takes the dot
 * product of each of its {@code rows} rows with a vector of {@code columns} values.
 */
public interface Weight {
    /** {@return the tensor's name} */
    String name();

    /** {@return length of the product} */
    int rows();

    /** {@return length of the vector that is multiplied} */
    int columns();

    /** {@return matrices in the stack; 1 for a plain matrix} */
    int slices();

    /** {@return bytes that one pass over one slice reads} */
    long sliceBytes();
}
