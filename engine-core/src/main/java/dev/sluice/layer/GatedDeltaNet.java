package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Weight;
import java.util.ArrayList;
import java.util.List;
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
     * Binds a block.
     *
     * @param qkv {H, 2K + V}: all query heads, all key heads, all value heads, in one matrix or in several
     * @param z {H, V}: the output gate
     * @param betaAlpha {H, 2 nv}: the columns that {@code net.betaAt()} and {@code net.alphaAt()} index, in one matrix
     *     or in several
     * @param out {V, H}
     * @param ops the backend
     * @param net the fixed part of the layer
     * @param norm of the block's input
     */
    public GatedDeltaNet(Ops ops, DeltaNet net, Norm norm, Weight[] qkv, Weight z, Weight[] betaAlpha, Weight out) {
        this.ops = ops;
        this.net = net;
        this.norm = norm;
        this.out = out;
        this.qkv = ops.buf("delta.qkv", net.channels());
        this.z = ops.buf("delta.z", net.valueWidth());
        this.ba = ops.buf("delta.ba", 2 * net.valueHeads());
        this.mixed = ops.buf("delta.out", net.valueWidth());
        this.result = ops.buf("mixer", out.rows());
        List<Weight> weights = new ArrayList<>();
        List<Buf> outputs = new ArrayList<>();
        addAdjacent(weights, outputs, this.qkv, qkv);
        addAdjacent(weights, outputs, this.z, z);
        addAdjacent(weights, outputs, this.ba, betaAlpha);
        projections = weights.toArray(Weight[]::new);
        projected = outputs.toArray(Buf[]::new);
    }

    /** The outputs of {@code matrices}, one after the other, are the columns of {@code out}. */
    private static void addAdjacent(List<Weight> weights, List<Buf> outputs, Buf out, Weight... matrices) {
        int at = 0;
        for (Weight matrix : matrices) {
            weights.add(matrix);
            outputs.add(out.slice(at, matrix.rows()));
            at += matrix.rows();
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
