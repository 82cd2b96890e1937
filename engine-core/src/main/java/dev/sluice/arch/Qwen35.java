package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.layer.Block;
import dev.sluice.layer.GatedAttention;
import dev.sluice.layer.GatedDeltaNet;
import dev.sluice.layer.MoeFfn;
import dev.sluice.layer.SwiGlu;
import dev.sluice.op.Buf;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.Rope;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Qwen3.5 hybrid family: {@code qwen35}, {@code qwen35moe} and {@code qwen3next}. */
final class Qwen35 implements Decoder {
    private static final System.Logger LOG = System.getLogger("dev.sluice");

    private final Ops ops;
    private final Qwen35Config config;
    private final Weight embeddings;
    private final Weight head;
    private final Norm outputNorm;
    private final List<Block> blocks = new ArrayList<>();
    private final Buf residual;

    Qwen35(Gguf file, Ops ops) {
        this.ops = ops;
        refuseMtpOnly(file);
        config = Qwen35Config.of(file);
        Tensors tensors = new Tensors(file, ops);
        int width = config.embeddingLength();
        long vocabulary = file.tensor("token_embd.weight").ne(1);
        embeddings = tensors.weight("token_embd.weight", width, vocabulary);
        head = tensors.has("output.weight") ? tensors.weight("output.weight", width, vocabulary) : embeddings;
        checkVocabulary(file, vocabulary);
        outputNorm = norm(tensors, "output_norm.weight", width);
        residual = ops.buf("residual", width);
        for (int i = 0; i < config.blockCount(); i++) {
            blocks.add(config.recurrentLayers()[i] ? deltaNet(tensors, i) : attention(tensors, i));
            blocks.add(config.expertCount() > 0 ? moe(tensors, i) : dense(tensors, i));
        }
        warnOfUnused(file, tensors);
    }

    @Override
    public void forward() {
        ops.embed(embeddings, residual);
        for (Block block : blocks) {
            block.forward(residual);
        }
        ops.head(outputNorm, residual, head);
    }

    private Block deltaNet(Tensors tensors, int layer) {
        String b = "blk." + layer + ".";
        int width = config.embeddingLength();
        int length = config.ssmStateSize();
        int nk = config.ssmGroupCount();
        int nv = config.ssmTimeStepRank();
        long channels = (2L * nk + nv) * length;
        long values = (long) nv * length;
        Weight qkv = tensors.weight(b + "attn_qkv.weight", width, channels);
        Weight z = tensors.weight(b + "attn_gate.weight", width, values);
        boolean fused = config.groupedValueHeads();
        Weight[] betaAlpha = fused
                ? new Weight[] {tensors.weight(b + "ssm_ba.weight", width, 2L * nv)}
                : new Weight[] {
                    tensors.weight(b + "ssm_beta.weight", width, nv), tensors.weight(b + "ssm_alpha.weight", width, nv)
                };
        int r = nv / nk;
        int[] keyHead = new int[nv];
        int[] betaAt = new int[nv];
        int[] alphaAt = new int[nv];
        for (int i = 0; i < nv; i++) {
            keyHead[i] = config.groupedValueHeads() ? i / r : i % nk;
            // ssm_ba holds, for each key head, its r beta rows and then its r alpha rows.
            betaAt[i] = fused ? 2 * r * (i / r) + i % r : i;
            alphaAt[i] = fused ? betaAt[i] + r : nv + i;
        }
        DeltaNet net = new DeltaNet(
                layer,
                nk,
                nv,
                length,
                keyHead,
                betaAt,
                alphaAt,
                tensors.vec(b + "ssm_conv1d.weight", config.ssmConvKernel(), channels),
                config.ssmConvKernel(),
                tensors.vec(b + "ssm_a", nv),
                tensors.vec(b + "ssm_dt.bias", nv),
                norm(tensors, b + "ssm_norm.weight", length));
        Norm norm = norm(tensors, b + "attn_norm.weight", width);
        return new GatedDeltaNet(
                ops, net, norm, qkv, z, betaAlpha, tensors.weight(b + "ssm_out.weight", values, width));
    }

    private Block attention(Tensors tensors, int layer) {
        String b = "blk." + layer + ".";
        int width = config.embeddingLength();
        int length = config.keyLength();
        int heads = config.headCount()[layer];
        int kvHeads = config.headCountKv()[layer];
        if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0) {
            throw new GgufException(tensors.file() + ": layer " + layer + ": " + heads + " query heads and " + kvHeads
                    + " KV heads (attention.head_count, attention.head_count_kv); expected a multiple");
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
                config.attentionScale(),
                norm(tensors, b + "attn_q_norm.weight", length),
                norm(tensors, b + "attn_k_norm.weight", length),
                Rope.of(config.ropeDimensionCount(), config.ropeFreqBase()));
        return new GatedAttention(ops, gated, norm(tensors, b + "attn_norm.weight", width), q, k, v, out);
    }

    private Block dense(Tensors tensors, int layer) {
        String b = "blk." + layer + ".";
        int width = config.embeddingLength();
        int hidden = config.feedForwardLength();
        return new SwiGlu(
                ops,
                norm(tensors, b + "post_attention_norm.weight", width),
                tensors.weight(b + "ffn_gate.weight", width, hidden),
                tensors.weight(b + "ffn_up.weight", width, hidden),
                tensors.weight(b + "ffn_down.weight", hidden, width));
    }

    private Block moe(Tensors tensors, int layer) {
        String b = "blk." + layer + ".";
        int width = config.embeddingLength();
        int experts = config.expertCount();
        int hidden = config.expertFeedForwardLength();
        int shared = config.expertSharedFeedForwardLength();
        MoeFfn.Weights weights = new MoeFfn.Weights(
                tensors.weight(b + "ffn_gate_inp.weight", width, experts),
                tensors.stack(b + "ffn_gate_exps.weight", width, hidden, experts),
                tensors.stack(b + "ffn_up_exps.weight", width, hidden, experts),
                tensors.stack(b + "ffn_down_exps.weight", hidden, width, experts),
                tensors.weight(b + "ffn_gate_inp_shexp.weight", width, 1),
                tensors.weight(b + "ffn_gate_shexp.weight", width, shared),
                tensors.weight(b + "ffn_up_shexp.weight", width, shared),
                tensors.weight(b + "ffn_down_shexp.weight", shared, width));
        Norm norm = norm(tensors, b + "post_attention_norm.weight", width);
        return new MoeFfn(ops, norm, weights, config.expertUsedCount(), config.expertWeightsScale());
    }

    private Norm norm(Tensors tensors, String name, int length) {
        return new Norm(tensors.vec(name, length), config.layerNormRmsEpsilon());
    }

    private static void refuseMtpOnly(Gguf file) {
        String arch = file.metadata().getString("general.architecture");
        boolean hasMtp = file.metadata().findInt(arch + ".nextn_predict_layers").orElse(0) > 0;
        if (hasMtp && file.find("blk.0.attn_norm.weight").isEmpty()) {
            throw new UnsupportedModelException(file.name()
                    + ": this file holds only the MTP block (nextn_predict_layers > 0 and no blk.0.attn_norm.weight);"
                    + " load the main model's file instead");
        }
    }

    private void checkVocabulary(Gguf file, long vocabulary) {
        int tokens = file.metadata()
                .findStrings("tokenizer.ggml.tokens")
                .map(List::size)
                .orElse(0);
        if (tokens > vocabulary) {
            throw new GgufException(file.name() + ": tokenizer.ggml.tokens has " + tokens
                    + " tokens, but token_embd.weight only " + vocabulary + " rows");
        }
    }

    private void warnOfUnused(Gguf file, Tensors tensors) {
        // MTP blocks and embedded vision towers are known, and not used.
        List<String> known = new ArrayList<>(List.of("v.", "mm.", "mtp."));
        for (int i = 0; i < config.nextnPredictLayers(); i++) {
            known.add("blk." + (config.blockCount() + i) + ".");
        }
        List<String> unused = tensors.unused(known);
        if (!unused.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: {1} tensors are unknown and ignored, the first is {2}",
                    file.name(),
                    unused.size(),
                    unused.getFirst());
        }
    }

    @Override
    public List<StateSpec> states() {
        return blocks.stream().map(Block::state).flatMap(Optional::stream).toList();
    }

    @Override
    public int vocabularySize() {
        return head.rows();
    }

    @Override
    public int contextLength() {
        return config.contextLength();
    }

    @Override
    public int blockCount() {
        return config.blockCount();
    }

    @Override
    public int nextnPredictLayers() {
        return config.nextnPredictLayers();
    }
}
