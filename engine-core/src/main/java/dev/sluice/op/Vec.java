package dev.sluice.op;

/**
 * A small parameter vector, decoded to F32 when the model is bound: norm weights, biases, convolution taps.
 *
 * @param name the tensor's name
 * @param values its elements in file order; never modified
 */
public record Vec(String name, float[] values) {
    /** {@return number of elements} */
    public int length() {
        return values.length;
    }
}
