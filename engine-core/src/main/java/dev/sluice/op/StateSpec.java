package dev.sluice.op;

/** What one layer keeps of a sequence between steps; the backend makes a {@link LayerState} of it. */
public sealed interface StateSpec {
    /** Index of the layer that owns the state. */
    int layer();

    /**
     * Keys and values of every earlier row.
     *
     * @param heads KV heads
     * @param headLength values in the key and in the value of a head
     */
    record KvCache(int layer, int heads, int headLength) implements StateSpec {}

    /**
     * The state of a Gated DeltaNet layer: {@code heads} matrices of {@code headLength x headLength} and the last
     * {@code kernel - 1} rows of {@code channels} convolution inputs, all F32.
     */
    record Recurrent(int layer, int heads, int headLength, int channels, int kernel) implements StateSpec {}
}
