package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.op.Rope;
import java.util.Arrays;
import java.util.Optional;

/**
 * The metadata of a file of the family, checked; names are those of the GGUF keys. Arrays have one entry a block, MTP
 * blocks included, unless they say otherwise.
 *
 * @param blockCount layers of the trunk, without the MTP blocks that the key of the same name includes
 * @param feedForwardLength width of the dense feed-forward blocks; of no meaning in a sparse model
 * @param recurrentLayers which layers of the trunk are linear attention
 * @param experts empty for a dense model
 */
record Qwen35Config(
        String architecture,
        int blockCount,
        int nextnPredictLayers,
        int contextLength,
        int embeddingLength,
        float layerNormRmsEpsilon,
        int[] feedForwardLength,
        boolean[] recurrentLayers,
        Attention attention,
        Ssm ssm,
        Optional<Experts> experts) {

    /**
     * Full attention.
     *
     * @param headCount query heads
     * @param headCountKv KV heads; 0 on the linear layers of some files
     * @param keyLength values in a head
     * @param scale factor on the scores
     */
    record Attention(int[] headCount, int[] headCountKv, int keyLength, float scale, Rope rope) {
        private static final int MOST_HEADS = 1 << 16;
        private static final int MOST_KEY_LENGTH = 1 << 12;

        static Attention of(Keys keys, int blocks, int embedding, int context) {
            int[] heads = keys.perBlock("attention.head_count", blocks, MOST_HEADS);
            int most = Math.max(1, Arrays.stream(heads).max().orElse(1));
            int keyLength = keys.integer(
                    "attention.key_length", 1, MOST_KEY_LENGTH, Math.clamp(embedding / most, 1, MOST_KEY_LENGTH));
            int valueLength = keys.integer("attention.value_length", 1, MOST_KEY_LENGTH, keyLength);
            if (valueLength != keyLength) {
                throw keys.unsupported("attention.value_length", valueLength, "the key length, " + keyLength);
            }
            keys.limitWidth("attention.head_count and attention.key_length", 2L * most * keyLength);
            double scale = keys.notNegative("attention.scale", 0);
            return new Attention(
                    heads,
                    keys.perBlock("attention.head_count_kv", blocks, MOST_HEADS, heads),
                    keyLength,
                    (float) (scale == 0 ? 1 / Math.sqrt(keyLength) : scale),
                    RopeKeys.read(keys, keyLength, context));
        }
    }

    /**
     * Linear attention.
     *
     * @param stateSize values in a head
     * @param groupCount key heads
     * @param timeStepRank value heads
     * @param grouped value head i uses key head {@code i / r} instead of {@code i % nk}
     */
    record Ssm(int convKernel, int stateSize, int groupCount, int timeStepRank, boolean grouped) {
        private static final int MOST_STATE_SIZE = 1 << 10;

        static Ssm of(Keys keys) {
            int stateSize = keys.integer("ssm.state_size", 1, MOST_STATE_SIZE);
            int groups = keys.positive("ssm.group_count");
            int rank = keys.positive("ssm.time_step_rank");
            if (rank % groups != 0) {
                throw keys.bad("ssm.time_step_rank", rank, "a multiple of ssm.group_count, " + groups);
            }
            int inner = keys.positive("ssm.inner_size");
            if (inner != (long) rank * stateSize) {
                throw keys.bad("ssm.inner_size", inner, "time_step_rank x state_size = " + (long) rank * stateSize);
            }
            keys.limitWidth(
                    "ssm.group_count, ssm.time_step_rank and ssm.state_size", 2 * ((long) groups + rank) * stateSize);
            return new Ssm(keys.integer("ssm.conv_kernel", 2, 64), stateSize, groups, rank, isGrouped(keys));
        }

        /** Files of qwen3next keep the order of the checkpoint; qwen35 and qwen35moe reorder, unless they say no. */
        private static boolean isGrouped(Keys keys) {
            boolean next = keys.architecture().equals(NEXT);
            boolean reordered = keys.bool("ssm.v_head_reordered", !next);
            if (next && reordered) {
                throw keys.unsupported("ssm.v_head_reordered", true, "false, the order of qwen3next");
            }
            return !reordered;
        }

        int valueWidth() {
            return timeStepRank * stateSize;
        }

        int channels() {
            return (2 * groupCount + timeStepRank) * stateSize;
        }
    }

    /**
     * Sparse feed-forward blocks.
     *
     * @param weightsScale factor on the renormalised expert weights
     */
    record Experts(int count, int usedCount, int feedForwardLength, int sharedFeedForwardLength, float weightsScale) {
        /** Routing takes time in proportion to {@code count x usedCount^2}; models have 512 and 10. */
        private static final int MOST_EXPERTS = 1 << 14;

        private static final int MOST_USED = 256;

        /** @param feedForward width of a dense block, the default of the shared expert; 0 where the file has no such key */
        static Experts of(Keys keys, int feedForward, int embedding) {
            int count = keys.integer("expert_count", 1, MOST_EXPERTS);
            int used = keys.integer("expert_used_count", 1, Math.min(count, MOST_USED));
            keys.limitWidth("expert_used_count and embedding_length", (long) used * embedding);
            refuseOtherRouting(keys);
            double scale = keys.notNegative("expert_weights_scale", 0);
            return new Experts(
                    count,
                    used,
                    width(keys, "expert_feed_forward_length", feedForward / used),
                    width(keys, "expert_shared_feed_forward_length", feedForward),
                    (float) (scale == 0 ? 1 : scale));
        }

        private static int width(Keys keys, String key, int otherwise) {
            return otherwise > 0
                    ? keys.integer(key, 1, Keys.MOST_WIDTH, otherwise)
                    : keys.integer(key, 1, Keys.MOST_WIDTH);
        }

        private static void refuseOtherRouting(Keys keys) {
            int gating = keys.integer("expert_gating_func", 0, Integer.MAX_VALUE, 1);
            if (gating != 1) {
                throw keys.unsupported("expert_gating_func", gating, "1 (softmax)");
            }
            int groups = keys.integer("expert_group_count", 0, Integer.MAX_VALUE, 1);
            if (groups > 1) {
                throw keys.unsupported("expert_group_count", groups, "1");
            }
            for (String key : new String[] {"norm_top_k_prob", "expert_weights_norm"}) {
                if (!keys.bool(key, true)) {
                    throw keys.unsupported(key, false, "true");
                }
            }
        }
    }

    private static final String NEXT = "qwen3next";

    /** Keys that belong together are read together: of each such group, the first problem is found. */
    static Qwen35Config of(Gguf file, Problems problems) {
        Keys keys = new Keys(file);
        int blocks = keys.positive("block_count");
        if (blocks > file.tensors().size()) {
            throw keys.bad(
                    "block_count",
                    blocks,
                    "at most the number of tensors, " + file.tensors().size());
        }
        int nextn = keys.integer("nextn_predict_layers", 0, blocks - 1, 0);
        int context = keys.positive("context_length");
        int embedding = keys.integer("embedding_length", 1, Keys.MOST_WIDTH);
        Attempts attempts = new Attempts(problems);
        Double epsilon = attempts.of(() -> keys.notNegative("attention.layer_norm_rms_epsilon"));
        boolean dense = keys.architecture().equals("qwen35");
        int[] feedForward = attempts.of(() -> dense
                ? keys.perBlock("feed_forward_length", blocks, Keys.MOST_WIDTH)
                : keys.perBlock("feed_forward_length", blocks, Keys.MOST_WIDTH, new int[blocks]));
        boolean[] recurrent = attempts.of(() -> recurrentLayers(keys, blocks - nextn, blocks));
        Attention attention = attempts.of(() -> Attention.of(keys, blocks, embedding, context));
        Ssm ssm = attempts.of(() -> Ssm.of(keys));
        Optional<Experts> experts = attempts.of(() -> dense || feedForward == null
                ? Optional.empty()
                : Optional.of(Experts.of(keys, feedForward[0], embedding)));
        attempts.end();
        return new Qwen35Config(
                keys.architecture(),
                blocks - nextn,
                nextn,
                context,
                embedding,
                epsilon.floatValue(),
                feedForward,
                recurrent,
                attention,
                ssm,
                experts);
    }

    private static boolean[] recurrentLayers(Keys keys, int trunk, int blocks) {
        String key = "attention.recurrent_layers";
        int interval = keys.integer("full_attention_interval", 1, Integer.MAX_VALUE, 4);
        boolean[] recurrent = new boolean[trunk];
        for (int i = 0; i < trunk; i++) {
            recurrent[i] = (i + 1) % interval != 0;
        }
        boolean[] listed = keys.bools(key).orElse(recurrent);
        if (listed.length != trunk && listed.length != blocks) {
            throw keys.bad(key, "an array of " + listed.length, "one entry for each of " + blocks + " blocks");
        }
        return Arrays.copyOf(listed, trunk);
    }

    /** The beta and alpha projections are one matrix, {@code ssm_ba}. */
    boolean hasFusedBetaAlpha() {
        return architecture.equals(NEXT);
    }
}
