package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Weight;
import java.util.Optional;

/** Full causal attention with grouped queries, normalised heads, partial rotation and a sigmoid output gate. */
public final class GatedAttention implements Block {
    private final Ops ops;
    private final GatedHeads heads;
    private final Norm norm;
    private final Weight[] projections;
    private final Weight out;

    private final Buf q;
    private final Buf k;
    private final Buf v;
    private final Buf mixed;
    private final Buf result;
    private final Buf[] projected;

    /**
     * Binds a block.
     *
     * @param q {H, 2 x heads x headLength}: each head's query rows, then its gate rows
     * @param k {H, kvHeads x headLength}
     * @param v {H, kvHeads x headLength}
     * @param out {heads x headLength, H}
     * @param ops the backend
     * @param heads the fixed part of the layer
     * @param norm of the block's input
     */
    public GatedAttention(Ops ops, GatedHeads heads, Norm norm, Weight q, Weight k, Weight v, Weight out) {
        this.ops = ops;
        this.heads = heads;
        this.norm = norm;
        this.out = out;
        this.q = ops.buf("attn.q", 2 * heads.width());
        this.k = ops.buf("attn.k", heads.kvWidth());
        this.v = ops.buf("attn.v", heads.kvWidth());
        this.mixed = ops.buf("attn.out", heads.width());
        this.result = ops.buf("mixer", out.rows());
        projections = new Weight[] {q, k, v};
        projected = new Buf[] {this.q, this.k, this.v};
    }

    @Override
    public void forward(Buf residual) {
        ops.project(norm, residual, projections, projected);
        ops.gatedAttention(heads, q, k, v, mixed);
        ops.matmul(mixed, out, result);
        ops.add(result, residual);
    }

    @Override
    public Optional<StateSpec> state() {
        return Optional.of(heads.state());
    }
}
