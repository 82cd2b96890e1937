package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.Weight;

/** The sparse feed-forward block: routed experts and one shared expert behind a sigmoid gate of its own. */
public final class MoeFfn implements Block {
    /**
     * The weights of one block.
     *
     * @param router {H, E}
     * @param gate {H, Fe, E}
     * @param up {H, Fe, E}
     * @param down {Fe, H, E}
     * @param sharedRouter {H, 1}: one logit
     * @param sharedGate {H, Fs}
     * @param sharedUp {H, Fs}
     * @param sharedDown {Fs, H}
     */
    public record Weights(
            Weight router,
            Weight gate,
            Weight up,
            Weight down,
            Weight sharedRouter,
            Weight sharedGate,
            Weight sharedUp,
            Weight sharedDown) {}

    private final Ops ops;
    private final Norm norm;
    private final Weights w;
    private final int used;
    private final float scale;
    private final Buf normed;
    private final Buf logits;
    private final Buf selection;
    private final Buf sharedLogit;
    private final Buf sharedResult;
    private final Buf result;

    /**
     * Binds a block.
     *
     * @param used experts of a row
     * @param scale factor on the renormalised expert weights
     * @param ops the backend
     * @param norm of the block's input
     * @param weights all matrices
     */
    public MoeFfn(Ops ops, Norm norm, Weights weights, int used, float scale) {
        this.ops = ops;
        this.norm = norm;
        this.w = weights;
        this.used = used;
        this.scale = scale;
        this.normed = ops.buf("ffn.in", w.router().columns());
        this.logits = ops.buf("moe.logits", w.router().rows());
        this.selection = ops.buf("moe.selection", 2 * used);
        this.sharedLogit = ops.buf("moe.sharedLogit", 1);
        this.sharedResult = ops.buf("moe.shared", w.sharedDown().rows());
        this.result = ops.buf("ffn.out", w.down().rows());
    }

    @Override
    public void forward(Buf residual) {
        ops.rmsNorm(norm, residual, normed);
        ops.matmul(normed, w.router(), logits);
        ops.route(logits, used, scale, selection);
        ops.experts(normed, selection, w.gate(), w.up(), w.down(), result);
        ops.matmul(normed, w.sharedRouter(), sharedLogit);
        ops.swiGlu(normed, w.sharedGate(), w.sharedUp(), w.sharedDown(), sharedResult);
        ops.addGated(sharedLogit, sharedResult, result);
        ops.add(result, residual);
    }
}
