package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Weight;
import java.util.Optional;

/** Linear attention: Gated DeltaNet (Yang et al. 2024) with a short convolution and a gated output norm. */
public final class GatedDeltaNet implements Block {
    private final Ops ops;
    private final DeltaNet net;
    private final Norm norm;
    private final Weight[] projections;
    private final Weight out;

    private final Buf qkv;
    private final Buf z;
    private final Buf ba;
    private final Buf mixed;
    private final Buf result;
    private final Buf[] projected;

    /**
     * @param qkv {H, 2K + V}: all query heads, all key heads, all value heads
     * @param z {H, V}: the output gate
     * @param betaAlpha one or two matrices whose outputs, one after the other, are the {@code 2 nv} columns that
     *     {@code net.betaAt()} and {@code net.alphaAt()} index
     * @param out {V, H}
     */
    public GatedDeltaNet(Ops ops, DeltaNet net, Norm norm, Weight qkv, Weight z, Weight[] betaAlpha, Weight out) {
        this.ops = ops;
        this.net = net;
        this.norm = norm;
        this.out = out;
        this.qkv = ops.buf("delta.qkv", net.channels());
        this.z = ops.buf("delta.z", net.valueWidth());
        this.ba = ops.buf("delta.ba", 2 * net.valueHeads());
        this.mixed = ops.buf("delta.out", net.valueWidth());
        this.result = ops.buf("mixer", out.rows());
        projections = new Weight[2 + betaAlpha.length];
        projected = new Buf[projections.length];
        projections[0] = qkv;
        projected[0] = this.qkv;
        projections[1] = z;
        projected[1] = this.z;
        int at = 0;
        for (int i = 0; i < betaAlpha.length; i++) {
            projections[2 + i] = betaAlpha[i];
            projected[2 + i] = ba.slice(at, betaAlpha[i].rows());
            at += betaAlpha[i].rows();
        }
    }

    @Override
    public void forward(Buf residual) {
        ops.project(norm, residual, projections, projected);
        ops.gatedDeltaNet(net, qkv, ba, z, mixed);
        ops.matmul(mixed, out, result);
        ops.add(result, residual);
    }

    @Override
    public Optional<StateSpec> state() {
        return Optional.of(net.state());
    }
}
