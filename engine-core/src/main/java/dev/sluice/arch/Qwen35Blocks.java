package dev.sluice.arch;

import dev.sluice.gguf.GgufException;
import dev.sluice.layer.Block;
import dev.sluice.layer.GatedAttention;
import dev.sluice.layer.GatedDeltaNet;
import dev.sluice.layer.MoeFfn;
import dev.sluice.layer.SwiGlu;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView.Rows;

/** Binds the tensors {@code blk.N.*} of a file of the family, in whichever of its layouts they come. */
final class Qwen35Blocks {
    private final Qwen35Config config;
    private final Tensors tensors;
    private final Ops ops;
    private final int width;

    Qwen35Blocks(Qwen35Config config, Tensors tensors, Ops ops) {
        this.config = config;
        this.tensors = tensors;
        this.ops = ops;
        this.width = config.embeddingLength();
    }

    Block deltaNet(int layer) {
        String b = "blk." + layer + ".";
        Qwen35Config.Ssm ssm = config.ssm();
        int nv = ssm.timeStepRank();
        Weight[] betaAlpha = config.hasFusedBetaAlpha()
                ? new Weight[] {tensors.weight(b + "ssm_ba.weight", width, 2L * nv)}
                : new Weight[] {
                    tensors.weight(b + "ssm_beta.weight", width, nv), tensors.weight(b + "ssm_alpha.weight", width, nv)
                };
        Weight[] qkv;
        Weight z;
        if (tensors.has(b + "ssm_in.weight")) {
            Weight[] parts = legacyInput(b);
            qkv = new Weight[] {parts[0], parts[1], parts[2]};
            z = parts[3];
        } else {
            qkv = new Weight[] {tensors.weight(b + "attn_qkv.weight", width, ssm.channels())};
            z = tensors.weight(b + "attn_gate.weight", width, ssm.valueWidth());
        }
        return new GatedDeltaNet(
                ops,
                net(layer, b),
                norm(b + "attn_norm.weight", width),
                qkv,
                z,
                betaAlpha,
                tensors.weight(b + "ssm_out.weight", ssm.valueWidth(), width));
    }

    /** Queries, keys, values and gate out of one matrix that holds, for each key head, its rows of all four. */
    private Weight[] legacyInput(String b) {
        Qwen35Config.Ssm ssm = config.ssm();
        int nk = ssm.groupCount();
        int keys = ssm.stateSize();
        int values = ssm.valueWidth() / nk;
        int pitch = 2 * (keys + values);
        Weight[] parts = new Weight[4];
        int first = 0;
        for (int i = 0; i < parts.length; i++) {
            int run = i < 2 ? keys : values;
            parts[i] = tensors.part(
                    b + "ssm_in.weight", width, (long) nk * pitch, 1, new Rows(first, nk * run, run, pitch));
            first += run;
        }
        return parts;
    }

    private DeltaNet net(int layer, String b) {
        Qwen35Config.Ssm ssm = config.ssm();
        int nk = ssm.groupCount();
        int nv = ssm.timeStepRank();
        int r = nv / nk;
        int[] keyHead = new int[nv];
        int[] betaAt = new int[nv];
        int[] alphaAt = new int[nv];
        for (int i = 0; i < nv; i++) {
            keyHead[i] = ssm.grouped() ? i / r : i % nk;
            // ssm_ba holds, for each key head, its r beta rows and then its r alpha rows.
            betaAt[i] = config.hasFusedBetaAlpha() ? 2 * r * (i / r) + i % r : i;
            alphaAt[i] = config.hasFusedBetaAlpha() ? betaAt[i] + r : nv + i;
        }
        String bias = tensors.has(b + "ssm_dt.bias") ? b + "ssm_dt.bias" : b + "ssm_dt"; // Ollama's writer
        return new DeltaNet(
                layer,
                nk,
                nv,
                ssm.stateSize(),
                keyHead,
                betaAt,
                alphaAt,
                tensors.vec(b + "ssm_conv1d.weight", ssm.convKernel(), ssm.channels()),
                ssm.convKernel(),
                tensors.vec(b + "ssm_a", nv),
                tensors.vec(bias, nv),
                norm(b + "ssm_norm.weight", ssm.stateSize()));
    }

    Block attention(int layer) {
        String b = "blk." + layer + ".";
        Qwen35Config.Attention attention = config.attention();
        int length = attention.keyLength();
        int heads = attention.headCount()[layer];
        int kvHeads = attention.headCountKv()[layer];
        if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0) {
            throw new GgufException(tensors.file() + ": " + config.architecture() + ".attention.head_count is " + heads
                    + " and head_count_kv " + kvHeads + " in layer " + layer + ", expected a multiple of the latter");
        }
        Weight q = tensors.weight(b + "attn_q.weight", width, 2L * length * heads);
        Weight k = tensors.weight(b + "attn_k.weight", width, (long) length * kvHeads);
        Weight v = tensors.weight(b + "attn_v.weight", width, (long) length * kvHeads);
        Weight out = tensors.weight(b + "attn_output.weight", (long) length * heads, width);
        GatedHeads gated = new GatedHeads(
                layer,
                heads,
                kvHeads,
                length,
                attention.scale(),
                norm(b + "attn_q_norm.weight", length),
                norm(b + "attn_k_norm.weight", length),
                attention.rope());
        return new GatedAttention(ops, gated, norm(b + "attn_norm.weight", width), q, k, v, out);
    }

    Block feedForward(int layer) {
        String b = "blk." + layer + ".";
        Norm norm = norm(b + "post_attention_norm.weight", width);
        return config.experts().isPresent()
                ? moe(b, norm, config.experts().get())
                : dense(b, norm, config.feedForwardLength()[layer]);
    }

    private Block dense(String b, Norm norm, int hidden) {
        return new SwiGlu(
                ops,
                norm,
                tensors.weight(b + "ffn_gate.weight", width, hidden),
                tensors.weight(b + "ffn_up.weight", width, hidden),
                tensors.weight(b + "ffn_down.weight", hidden, width));
    }

    private Block moe(String b, Norm norm, Qwen35Config.Experts experts) {
        int shared = experts.sharedFeedForwardLength();
        MoeFfn.Weights weights = new MoeFfn.Weights(
                tensors.weight(b + "ffn_gate_inp.weight", width, experts.count()),
                expertInput(b, "ffn_gate_exps.weight", 0, experts),
                expertInput(b, "ffn_up_exps.weight", experts.feedForwardLength(), experts),
                tensors.stack(b + "ffn_down_exps.weight", experts.feedForwardLength(), width, experts.count()),
                tensors.weight(b + "ffn_gate_inp_shexp.weight", width, 1),
                tensors.weight(b + "ffn_gate_shexp.weight", width, shared),
                tensors.weight(b + "ffn_up_shexp.weight", width, shared),
                tensors.weight(b + "ffn_down_shexp.weight", shared, width));
        return new MoeFfn(ops, norm, weights, experts.usedCount(), experts.weightsScale());
    }

    /** A tensor of its own, or rows of the one that holds the gate rows and then the up rows of each expert. */
    private Weight expertInput(String b, String name, int firstRow, Qwen35Config.Experts experts) {
        int hidden = experts.feedForwardLength();
        String fused = b + "ffn_gate_up_exps.weight";
        return tensors.has(fused)
                ? tensors.part(fused, width, 2L * hidden, experts.count(), Rows.range(firstRow, hidden))
                : tensors.stack(b + name, width, hidden, experts.count());
    }

    private Norm norm(String name, int length) {
        return new Norm(tensors.vec(name, length), config.layerNormRmsEpsilon());
    }
}
