package dev.sluice.op;

/**
 * The fixed part of one Gated DeltaNet layer.
 *
 * @param layer index of the layer, which names its state
 * @param keyHeads number of query and key heads
 * @param valueHeads number of value heads, a multiple of {@code keyHeads}
 * @param headLength length D of a head, and of both sides of its state
 * @param keyHead key head of each value head: files differ in whether value heads are tiled or grouped
 * @param betaAt column of each value head's beta logit in the beta/alpha row
 * @param alphaAt column of each value head's decay logit in the beta/alpha row
 * @param kernel convolution taps, channel after channel, the last tap of a channel being the current row
 * @param taps taps per channel
 * @param decay {@code -exp(A_log)}, one a value head
 * @param decayBias added to the decay logit before the softplus, one a value head
 * @param outNorm norm of each value head's output
 */
public record DeltaNet(
        int layer,
        int keyHeads,
        int valueHeads,
        int headLength,
        int[] keyHead,
        int[] betaAt,
        int[] alphaAt,
        Vec kernel,
        int taps,
        Vec decay,
        Vec decayBias,
        Norm outNorm) {
    /** Epsilon of the L2 norm of queries and keys. */
    public static final float KEY_EPSILON = 1e-6f;

    /** {@return width of all key heads together} */
    public int keyWidth() {
        return keyHeads * headLength;
    }

    /** {@return width of all value heads together} */
    public int valueWidth() {
        return valueHeads * headLength;
    }

    /** {@return width of the convolution: queries, keys, values} */
    public int channels() {
        return 2 * keyWidth() + valueWidth();
    }

    /** {@return what the layer keeps of a sequence} */
    public StateSpec state() {
        return new StateSpec.Recurrent(layer, valueHeads, headLength, channels(), taps);
    }
}
