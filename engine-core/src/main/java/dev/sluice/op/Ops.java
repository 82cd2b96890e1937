package dev.sluice.op;

import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;

/**
 * The verbs that a model is described in, and the memory they work on. One object serves one bound model; it runs one
 * step at a time. The coarse verbs at the end have bodies made of the small ones: that is their meaning, and the
 * oracle for a backend that fuses them.
 *
 * <p>In every verb a {@code Buf} has one row for each row of the step. Unless it says otherwise, an output may not
 * overlap an input.
 */
public interface Ops extends AutoCloseable {

    // Binding and running

    /**
     * Binds a matrix.
     *
     * @param view rows of a tensor; its file stays open while the weight is used
     * @return the matrix, owned by this backend
     * @throws IllegalArgumentException if its type cannot be computed; the message names tensor and type
     */
    Weight weight(WeightView view);

    /**
     * Binds a small vector, decoding whatever type it has.
     *
     * @param tensor any type and shape
     * @return its elements, copied
     */
    Vec vector(Tensor tensor);

    /**
     * {@return a buffer of {@code width} values a row, shared by all who ask for the same name and width}
     *
     * @param name who shares it
     * @param width values a row
     */
    Buf buf(String name, int width);

    /** {@return bytes of all buffers reserved so far} */
    long scratchBytes();

    /**
     * {@return a fresh state}
     *
     * @param cacheType element type of a KV cache: F16 or F32
     * @param spec whose state it is, and its sizes
     */
    LayerState newState(StateSpec spec, TensorType cacheType);

    /**
     * Runs a forward on a step. The states of the step's sequences change; the caller advances their length. A backend may
     * record the verbs of a forward in its first step and replay them as long as the same object comes.
     *
     * @param forward calls verbs of this object
     * @param step the rows, and whose they are
     */
    void run(Runnable forward, Step step);

    /**
     * Copies the {@code i}-th wanted logits of the last step to {@code out}.
     *
     * @param i from 0, below {@code step.wantedRows()}
     * @param out receives one value for each id of the vocabulary
     * @param at index in {@code out} of the first
     */
    void readLogits(int i, float[] out, int at);

    @Override
    void close();

    // Small verbs

    /**
     * out = rows of {@code table} at the step's token ids.
     *
     * @param table {width, vocabulary}
     * @param out rows of the table
     */
    void embed(Weight table, Buf out);

    /**
     * Norm over each group of {@code norm.weight().length()} values; {@code out} may be {@code x}.
     *
     * @param norm weights and epsilon
     * @param x a multiple of the weights wide
     * @param out as wide
     */
    void rmsNorm(Norm norm, Buf x, Buf out);

    /**
     * {@code x / sqrt(sum(x^2) + epsilon)} over each group of {@code length} values; {@code out} may be {@code x}.
     *
     * @param length values in a group
     * @param epsilon keeps a group of zeros from dividing by zero
     * @param x a multiple of {@code length} wide
     * @param out as wide
     */
    void l2Norm(int length, float epsilon, Buf x, Buf out);

    /**
     * out = W x.
     *
     * @param x {@code w.columns()} wide
     * @param w the matrix
     * @param out {@code w.rows()} wide
     */
    void matmul(Buf x, Weight w, Buf out);

    /**
     * sum += x.
     *
     * @param x what is added
     * @param sum as wide
     */
    void add(Buf x, Buf sum);

    /**
     * out = silu(gate) * up; {@code out} may be one of them.
     *
     * @param gate through SiLU
     * @param up as wide
     * @param out as wide
     */
    void siluMul(Buf gate, Buf up, Buf out);

    /**
     * sum += sigmoid(gate) * x, where {@code gate} has one value a row.
     *
     * @param gate 1 wide
     * @param x what is added
     * @param sum as wide as {@code x}
     */
    void addGated(Buf gate, Buf x, Buf sum);

    /**
     * Causal depthwise convolution over the rows of each sequence, then SiLU; keeps the last inputs in the state.
     *
     * @param net kernel, and the layer whose state it is
     * @param x {@code net.channels()} wide
     * @param out as wide
     */
    void convolve(DeltaNet net, Buf x, Buf out);

    /**
     * The delta rule of Gated DeltaNet (Yang et al. 2024), row after row of each sequence.
     *
     * @param qkv normalised query heads, normalised key heads, value heads
     * @param ba beta and decay logits at the columns that {@code net} names
     * @param out value heads
     * @param net sizes, columns, decay, and the layer whose state it is
     */
    void deltaRule(DeltaNet net, Buf qkv, Buf ba, Buf out);

    /**
     * Norm of the query part of each head of {@code q}, then its rotation; in place.
     *
     * @param heads sizes, norm and rotation
     * @param q head after head, query values and then gate values
     */
    void normRopeQueries(GatedHeads heads, Buf q);

    /**
     * Norm and rotation of each key head; in place.
     *
     * @param heads sizes, norm and rotation
     * @param k {@code heads.kvWidth()} wide
     */
    void normRopeKeys(GatedHeads heads, Buf k);

    /**
     * Appends keys and values to the cache, then causal softmax attention, then the sigmoid gate.
     *
     * @param q query and gate values, head after head
     * @param heads sizes, and the layer whose cache it is
     * @param k keys, {@code heads.kvWidth()} wide
     * @param v values, {@code heads.kvWidth()} wide
     * @param out {@code heads.width()} wide
     */
    void attend(GatedHeads heads, Buf q, Buf k, Buf v, Buf out);

    /**
     * Chooses experts: softmax over all logits, the {@code used} largest (lowest number first on ties), renormalised to
     * sum 1, times {@code scale}.
     *
     * @param selection {@code used} expert numbers, then {@code used} weights
     * @param logits one for each expert
     * @param used experts of a row
     * @param scale factor on the renormalised weights
     */
    void route(Buf logits, int used, float scale, Buf selection);

    /**
     * out = weighted sum over the selected experts of {@code down(silu(gate x) * (up x))}.
     *
     * @param x normalised rows
     * @param selection what {@link #route} chose
     * @param gate {H, F, experts}
     * @param up {H, F, experts}
     * @param down {F, H, experts}
     * @param out H wide
     */
    void experts(Buf x, Buf selection, Weight gate, Weight up, Weight down, Buf out);

    /**
     * The logits of the wanted rows: norm, then product; read them with {@link #readLogits}.
     *
     * @param norm the final norm
     * @param x the residual stream
     * @param w {H, vocabulary}
     */
    void head(Norm norm, Buf x, Weight w);

    // Coarse verbs

    /**
     * One norm, several products of the same normalised rows.
     *
     * @param norm weights and epsilon
     * @param x the residual stream
     * @param weights each {@code x.width()} columns
     * @param outs one for each of them, as wide as it has rows
     */
    default void project(Norm norm, Buf x, Weight[] weights, Buf[] outs) {
        Buf normed = buf("normed", x.width());
        rmsNorm(norm, x, normed);
        for (int i = 0; i < weights.length; i++) {
            matmul(normed, weights[i], outs[i]);
        }
    }

    /**
     * From the projections of a Gated DeltaNet layer to the input of its output projection.
     *
     * @param qkv query, key and value heads before the convolution
     * @param ba beta and decay logits
     * @param z output gate, one value for each output value
     * @param out value heads
     * @param net the fixed part of the layer
     */
    default void gatedDeltaNet(DeltaNet net, Buf qkv, Buf ba, Buf z, Buf out) {
        Buf mixed = buf("delta.mixed", net.channels());
        convolve(net, qkv, mixed);
        Buf queriesAndKeys = mixed.slice(0, 2 * net.keyWidth());
        l2Norm(net.headLength(), DeltaNet.KEY_EPSILON, queriesAndKeys, queriesAndKeys);
        deltaRule(net, mixed, ba, out);
        rmsNorm(net.outNorm(), out, out);
        siluMul(z, out, out);
    }

    /**
     * From the projections of a gated attention layer to the input of its output projection.
     *
     * @param heads the fixed part of the layer
     * @param q query and gate values, head after head
     * @param k keys, {@code heads.kvWidth()} wide
     * @param v values, {@code heads.kvWidth()} wide
     * @param out {@code heads.width()} wide
     */
    default void gatedAttention(GatedHeads heads, Buf q, Buf k, Buf v, Buf out) {
        normRopeQueries(heads, q);
        normRopeKeys(heads, k);
        attend(heads, q, k, v, out);
    }

    /**
     * out = down(silu(gate x) * (up x)).
     *
     * @param x normalised rows, H wide
     * @param gate {H, F}
     * @param up {H, F}
     * @param down {F, H}
     * @param out H wide
     */
    default void swiGlu(Buf x, Weight gate, Weight up, Weight down, Buf out) {
        Buf gated = buf("ffn.gate", gate.rows());
        Buf raised = buf("ffn.up", up.rows());
        matmul(x, gate, gated);
        matmul(x, up, raised);
        siluMul(gated, raised, gated);
        matmul(gated, down, out);
    }
}
