package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.UnsupportedModelException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The MTP (nextn) blocks of a file, which predict one token further each. They are looked up and checked, and not used.
 *
 * @param blocks how many; 0 for most files
 * @param bytes of their tensors
 * @param problem what is missing or wrong in them, if anything
 */
public record Nextn(int blocks, long bytes, Optional<String> problem) {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,9})\\.");

    static Nextn of(Gguf file, Qwen35Config config, Tensors tensors, Qwen35Blocks blocks) {
        int count = config.nextnPredictLayers();
        long bytes = file.tensors().stream()
                .filter(tensor -> owns(config, tensor.name()))
                .mapToLong(Tensor::bytes)
                .sum();
        try {
            for (int i = 0; i < count; i++) {
                check(config, config.blockCount() + i, tensors, blocks);
            }
        } catch (GgufException | UnsupportedModelException e) {
            return new Nextn(count, bytes, Optional.of(e.getMessage()));
        }
        return new Nextn(count, bytes, Optional.empty());
    }

    /** Whether a tensor belongs to an MTP block: these are numbered after the trunk's. */
    static boolean owns(Qwen35Config config, String tensor) {
        Matcher block = BLOCK.matcher(tensor);
        if (!block.lookingAt()) {
            return false;
        }
        int number = Integer.parseInt(block.group(1));
        return number >= config.blockCount() && number < config.blockCount() + config.nextnPredictLayers();
    }

    /** Binding is what checks names, shapes and types; what it makes is dropped. */
    private static void check(Qwen35Config config, int block, Tensors tensors, Qwen35Blocks blocks) {
        String nextn = "blk." + block + ".nextn.";
        int width = config.embeddingLength();
        tensors.weight(nextn + "eh_proj.weight", 2L * width, width);
        tensors.vec(nextn + "enorm.weight", width);
        tensors.vec(nextn + "hnorm.weight", width);
        if (tensors.has(nextn + "shared_head_norm.weight")) {
            tensors.vec(nextn + "shared_head_norm.weight", width);
        }
        for (String own : new String[] {"embed_tokens.weight", "shared_head_head.weight"}) {
            if (tensors.has(nextn + own)) {
                tensors.weight(nextn + own, width, tensors.vocabulary());
            }
        }
        blocks.attention(block);
        blocks.feedForward(block);
    }

    /** A draft model's file has an MTP block and no trunk. */
    static void refuseAlone(Gguf file) {
        String arch = file.metadata().getString("general.architecture");
        boolean present =
                file.metadata().findInt(arch + ".nextn_predict_layers").orElse(0) > 0;
        if (present && file.find("blk.0.attn_norm.weight").isEmpty()) {
            throw new UnsupportedModelException(file.name()
                    + ": this file holds only the MTP block (nextn_predict_layers > 0 and no blk.0.attn_norm.weight);"
                    + " load the main model's file instead");
        }
    }
}
