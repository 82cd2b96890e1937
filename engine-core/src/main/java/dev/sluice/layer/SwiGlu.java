package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.Weight;

/** The dense feed-forward block: {@code down(silu(gate x) * (up x))}. */
public final class SwiGlu implements Block {
    private final Ops ops;
    private final Norm norm;
    private final Weight gate;
    private final Weight up;
    private final Weight down;
    private final Buf normed;
    private final Buf result;

    /**
     * Binds a block.
     *
     * @param gate {H, F}
     * @param up {H, F}
     * @param down {F, H}
     * @param ops the backend
     * @param norm of the block's input
     */
    public SwiGlu(Ops ops, Norm norm, Weight gate, Weight up, Weight down) {
        this.ops = ops;
        this.norm = norm;
        this.gate = gate;
        this.up = up;
        this.down = down;
        this.normed = ops.buf("ffn.in", gate.columns());
        this.result = ops.buf("ffn.out", down.rows());
    }

    @Override
    public void forward(Buf residual) {
        ops.rmsNorm(norm, residual, normed);
        ops.swiGlu(normed, gate, up, down, result);
        ops.add(result, residual);
    }
}
