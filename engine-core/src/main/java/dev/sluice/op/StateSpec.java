package dev.sluice.op;

/** What one layer keeps of a sequence between steps; the backend makes a {@link LayerState} of it. */
public sealed interface StateSpec {
    /** {@return index of the layer that owns the state} */
    int layer();

    /**
     * Keys and values of every earlier row.
     *
     * @param layer index of the layer
     * @param heads KV heads
     * @param headLength values in the key and in the value of a head
     */
    record KvCache(int layer, int heads, int headLength) implements StateSpec {}

    /**
     * The state of a Gated DeltaNet layer: {@code heads} matrices of {@code headLength x headLength} and the last
     * {@code kernel - 1} rows of {@code channels} convolution inputs, all F32.
     *
     * @param layer index of the layer
     * @param heads value heads
     * @param headLength length of a head, and of both sides of its matrix
     * @param channels width of the convolution
     * @param kernel taps of the convolution
     */
    record Recurrent(int layer, int heads, int headLength, int channels, int kernel) implements StateSpec {}
}
