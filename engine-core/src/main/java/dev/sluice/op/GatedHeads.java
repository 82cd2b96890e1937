package dev.sluice.op;

/**
 * The fixed part of one gated attention layer.
 *
 * @param layer index of the layer, which names its cache
 * @param heads query heads; a row of the query projection holds, head after head, {@code headLength} query values and
 *     then {@code headLength} gate values
 * @param kvHeads key/value heads; query head h reads KV head {@code h / (heads / kvHeads)}
 * @param headLength values in a head
 * @param scale factor on the scores
 * @param queryNorm norm of each query head
 * @param keyNorm norm of each key head
 * @param rope rotation of queries and keys
 */
public record GatedHeads(
        int layer, int heads, int kvHeads, int headLength, float scale, Norm queryNorm, Norm keyNorm, Rope rope) {

    /** {@return width of all query heads together, gates not counted} */
    public int width() {
        return heads * headLength;
    }

    /** {@return width of all key heads together, and of all value heads} */
    public int kvWidth() {
        return kvHeads * headLength;
    }

    /** {@return what the layer keeps of a sequence} */
    public StateSpec state() {
        return new StateSpec.KvCache(layer, kvHeads, headLength);
    }
}
