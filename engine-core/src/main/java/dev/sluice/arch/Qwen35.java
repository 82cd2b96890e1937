package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.layer.Block;
import dev.sluice.op.Buf;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Qwen3.5 hybrid family: {@code qwen35}, {@code qwen35moe} and {@code qwen3next}. */
final class Qwen35 implements Decoder {
    private static final String EMBEDDINGS = "token_embd.weight";
    private static final List<String> KNOWN_PREFIXES = List.of("v.", "mm.", "mtp.");

    private final Ops ops;
    private final Qwen35Config config;
    private final Weight embeddings;
    private final Weight head;
    private final Norm outputNorm;
    private final List<Block> blocks = new ArrayList<>();
    private final Nextn nextn;
    private final List<String> ignored;
    private final Buf residual;

    Qwen35(Gguf file, Ops ops, Problems problems) {
        this.ops = ops;
        Nextn.refuseAlone(file);
        config = Qwen35Config.of(file, problems);
        Attempts attempts = new Attempts(problems);
        Tensors tensors = new Tensors(file, ops, problems);
        int width = config.embeddingLength();
        long vocabulary = tensors.vocabulary();
        embeddings = tensors.weight(EMBEDDINGS, width, vocabulary);
        head = tensors.has("output.weight") ? tensors.weight("output.weight", width, vocabulary) : embeddings;
        attempts.of(() -> checkVocabulary(file, vocabulary));
        outputNorm = new Norm(tensors.vec("output_norm.weight", width), config.layerNormRmsEpsilon());
        residual = ops.buf("residual", width);
        Qwen35Blocks layout = new Qwen35Blocks(config, tensors, ops);
        for (int i = 0; i < config.blockCount(); i++) {
            int layer = i;
            blocks.add(attempts.of(
                    () -> config.recurrentLayers()[layer] ? layout.deltaNet(layer) : layout.attention(layer)));
            blocks.add(layout.feedForward(i));
        }
        attempts.end();
        Tensors strict = tensors.strict();
        nextn = Nextn.of(file, config, strict, new Qwen35Blocks(config, strict, ops));
        ignored = ignored(tensors);
    }

    @Override
    public void forward() {
        ops.embed(embeddings, residual);
        for (Block block : blocks) {
            block.forward(residual);
        }
        ops.head(outputNorm, residual, head);
    }

    private static int checkVocabulary(Gguf file, long vocabulary) {
        int tokens = file.metadata()
                .findStrings("tokenizer.ggml.tokens")
                .map(List::size)
                .orElse(0);
        boolean known = file.find(EMBEDDINGS).isPresent(); // else that it is missing has been told
        if (known && tokens > vocabulary) {
            throw new GgufException(file.name() + ": tokenizer.ggml.tokens has " + tokens + " tokens, but " + EMBEDDINGS
                    + " only " + vocabulary + " rows");
        }
        return tokens;
    }

    /** Embedded vision towers and MTP blocks, converted or raw, are known, and not used. */
    private List<String> ignored(Tensors tensors) {
        return tensors.unused().stream()
                .filter(name -> KNOWN_PREFIXES.stream().noneMatch(name::startsWith) && !Nextn.owns(config, name))
                .toList();
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
    public Nextn nextn() {
        return nextn;
    }

    @Override
    public List<String> ignored() {
        return ignored;
    }
}
