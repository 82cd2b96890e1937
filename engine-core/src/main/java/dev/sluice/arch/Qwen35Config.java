package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufMetadata;
import dev.sluice.gguf.UnsupportedModelException;
import java.util.Arrays;

/**
 * The metadata of a file of the family, checked; names are those of the GGUF keys.
 *
 * @param blockCount layers of the trunk, without the MTP blocks that the key of the same name includes
 * @param recurrentLayers which layers are linear attention
 * @param headCount query heads, one entry a layer
 * @param headCountKv KV heads, one entry a layer; 0 on linear layers of some files
 * @param attentionScale factor on attention scores
 * @param groupedValueHeads value head i uses key head {@code i / r} (qwen3next) instead of {@code i % nk}
 * @param expertCount 0 for a dense model
 */
record Qwen35Config(
        String architecture,
        int blockCount,
        int nextnPredictLayers,
        int contextLength,
        int embeddingLength,
        int feedForwardLength,
        boolean[] recurrentLayers,
        int[] headCount,
        int[] headCountKv,
        int keyLength,
        float layerNormRmsEpsilon,
        float attentionScale,
        int ropeDimensionCount,
        double ropeFreqBase,
        int ssmConvKernel,
        int ssmStateSize,
        int ssmGroupCount,
        int ssmTimeStepRank,
        boolean groupedValueHeads,
        int expertCount,
        int expertUsedCount,
        int expertFeedForwardLength,
        int expertSharedFeedForwardLength,
        float expertWeightsScale) {

    static Qwen35Config of(Gguf file) {
        Keys keys = new Keys(file);
        String arch = keys.arch;
        boolean moe = !arch.equals("qwen35");
        int blocks = keys.positive("block_count");
        int nextn = keys.orElse("nextn_predict_layers", 0);
        if (nextn < 0 || nextn >= blocks) {
            throw keys.bad("nextn_predict_layers", nextn, "0 to " + (blocks - 1) + ", less than block_count");
        }
        if (blocks > file.tensors().size()) {
            throw keys.bad(
                    "block_count",
                    blocks,
                    "at most the number of tensors, " + file.tensors().size());
        }
        int trunk = blocks - nextn;
        int embedding = keys.positive("embedding_length");
        int[] heads = keys.perLayer("attention.head_count", blocks, null);
        int keyLength = keys.orElse("attention.key_length", embedding / Math.max(1, heads[0]));
        int valueLength = keys.orElse("attention.value_length", keyLength);
        if (keyLength < 1 || valueLength != keyLength) {
            throw keys.bad("attention.value_length", valueLength, "the key length, " + keyLength);
        }
        int rope = keys.orElse("rope.dimension_count", keyLength);
        if (rope < 2 || rope > keyLength || rope % 2 != 0) {
            throw keys.bad("rope.dimension_count", rope, "an even number from 2 to " + keyLength);
        }
        int stateSize = keys.positive("ssm.state_size");
        int groups = keys.positive("ssm.group_count");
        int rank = keys.positive("ssm.time_step_rank");
        if (rank % groups != 0) {
            throw keys.bad("ssm.time_step_rank", rank, "a multiple of ssm.group_count, " + groups);
        }
        int inner = keys.positive("ssm.inner_size");
        if (inner != (long) rank * stateSize) {
            throw keys.bad("ssm.inner_size", inner, "time_step_rank x state_size = " + (long) rank * stateSize);
        }
        int kernel = keys.positive("ssm.conv_kernel");
        if (kernel < 2 || kernel > 64) {
            throw keys.bad("ssm.conv_kernel", kernel, "2 to 64");
        }
        int experts = moe ? keys.positive("expert_count") : 0;
        int used = moe ? keys.positive("expert_used_count") : 0;
        if (used > experts) {
            throw keys.bad("expert_used_count", used, "at most expert_count, " + experts);
        }
        int feedForward = moe ? keys.orElse("feed_forward_length", 0) : keys.positive("feed_forward_length");
        keys.refuseUnsupported(moe);
        float attentionScale = (float) keys.orElse("attention.scale", 0.0);
        float expertScale = (float) keys.orElse("expert_weights_scale", 0.0);
        return new Qwen35Config(
                arch,
                trunk,
                nextn,
                keys.positive("context_length"),
                embedding,
                feedForward,
                keys.recurrentLayers(trunk),
                heads,
                keys.perLayer("attention.head_count_kv", blocks, heads),
                keyLength,
                keys.metadata.getFloat(keys.name("attention.layer_norm_rms_epsilon")),
                attentionScale == 0 ? (float) (1 / Math.sqrt(keyLength)) : attentionScale,
                rope,
                keys.orElse("rope.freq_base", 10000.0),
                kernel,
                stateSize,
                groups,
                rank,
                arch.equals("qwen3next"),
                experts,
                used,
                moe ? keys.orElse("expert_feed_forward_length", feedForward / used) : 0,
                moe ? keys.orElse("expert_shared_feed_forward_length", feedForward) : 0,
                expertScale == 0 ? 1 : expertScale);
    }

    /** Access to the keys {@code <architecture>.<key>}. */
    private static final class Keys {
        final GgufMetadata metadata;
        final String file;
        final String arch;

        Keys(Gguf file) {
            this.metadata = file.metadata();
            this.file = file.name();
            this.arch = metadata.getString("general.architecture");
        }

        String name(String key) {
            return arch + "." + key;
        }

        int positive(String key) {
            int value = metadata.getInt(name(key));
            if (value < 1) {
                throw bad(key, value, "a positive number");
            }
            return value;
        }

        int orElse(String key, int otherwise) {
            return metadata.findInt(name(key)).orElse(otherwise);
        }

        double orElse(String key, double otherwise) {
            return metadata.findFloat(name(key)).orElse(otherwise);
        }

        int[] perLayer(String key, int blocks, int[] otherwise) {
            int[] values = otherwise == null
                    ? metadata.getIntOrArray(name(key), blocks)
                    : metadata.findIntOrArray(name(key), blocks).orElse(otherwise);
            if (Arrays.stream(values).anyMatch(v -> v < 0 || v > 1 << 20)) {
                throw new GgufException(
                        file + ": " + name(key) + " is " + Arrays.toString(values) + ", expected head counts");
            }
            return values;
        }

        boolean[] recurrentLayers(int trunk) {
            boolean[] recurrent = new boolean[trunk];
            var listed = metadata.findBools(name("attention.recurrent_layers"));
            int interval = orElse("full_attention_interval", 4);
            if (interval < 1) {
                throw bad("full_attention_interval", interval, "a positive number");
            }
            if (listed.isPresent() && listed.get().length < trunk) {
                throw bad("attention.recurrent_layers", listed.get().length, "one entry for each of " + trunk);
            }
            for (int i = 0; i < trunk; i++) {
                recurrent[i] = listed.isPresent() ? listed.get()[i] : (i + 1) % interval != 0;
            }
            return recurrent;
        }

        void refuseUnsupported(boolean moe) {
            metadata.findString(name("rope.scaling.type"))
                    .filter(type -> !type.equals("none"))
                    .ifPresent(type -> {
                        throw new UnsupportedModelException(
                                file + ": " + name("rope.scaling.type") + " '" + type + "' is not supported yet");
                    });
            if (moe && orElse("expert_gating_func", 1) != 1) {
                throw new UnsupportedModelException(file + ": " + name("expert_gating_func") + " "
                        + orElse("expert_gating_func", 1) + " is not supported; supported is 1 (softmax)");
            }
            if (moe && orElse("expert_group_count", 1) > 1) {
                throw new UnsupportedModelException(file + ": " + name("expert_group_count") + " "
                        + orElse("expert_group_count", 1) + " is not supported; supported is 1");
            }
        }

        GgufException bad(String key, long value, String expected) {
            return new GgufException(file + ": " + name(key) + " is " + value + ", expected " + expected);
        }
    }
}
