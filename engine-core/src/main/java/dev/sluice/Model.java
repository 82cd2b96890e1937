package dev.sluice;

import dev.sluice.arch.Architectures;
import dev.sluice.arch.Decoder;
import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.RenderOptions;
import dev.sluice.cpu.CpuOps;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.sample.SamplingOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded model: immutable, safe for use by many threads, and to be closed when its sessions are done. Closing waits for
 * the step that is running; sessions used afterwards throw {@link IllegalStateException}.
 *
 * <p>Weights are mapped from the file, and copied from there into the layout of the vector code if {@link Repack} says so. The
 * file must not be changed or truncated meanwhile.
 */
public final class Model implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.sluice");

    private final Gguf file;
    private final CpuOps ops;
    private final BoundModel bound;
    private final Optional<Tokenizer> tokenizer;
    private final ChatTemplates chatTemplates;
    private final BitSet padding;

    private Model(Gguf file, LoadOptions options) {
        this.file = file;
        Loading loading = new Loading(file, options.progress());
        ops = new CpuOps(options.threads(), options.maxRows(), options.repack().room(), loading::ready);
        try {
            Decoder decoder = Architectures.bind(file, ops);
            tokenizer = TokenizerKeys.tokenizer(file);
            chatTemplates = new ChatTemplates(file, tokenizer);
            padding = tokenizer.map(Tokenizer::padding).orElseGet(BitSet::new);
            // Rows of the head beyond the token list are padding too; without a tokenizer every id is as good as
            // another.
            padding.set(tokenizer.map(Tokenizer::size).orElse(decoder.vocabularySize()), decoder.vocabularySize());
            if (padding.cardinality() == decoder.vocabularySize()) {
                throw new GgufException(
                        file.name()
                                + ": tokenizer.ggml.token_type is 5 (unused) for every token, expected some that can be generated");
            }
            bound = new BoundModel(decoder, ops, options.maxRows());
            warnOfIgnored(decoder.ignored(), new SamplingKeys(file).unsupported());
            checkRepacked(options.repack());
            loading.end();
        } catch (RuntimeException | Error e) {
            ops.close();
            throw e;
        }
    }

    private void warnOfIgnored(List<String> tensors, List<String> samplingKeys) {
        if (!tensors.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: {1} tensors are unknown and ignored, the first is {2}",
                    file.name(),
                    tensors.size(),
                    tensors.getFirst());
        }
        if (!samplingKeys.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: not supported and ignored: {1}",
                    file.name(),
                    String.join(", ", samplingKeys));
        }
    }

    private void checkRepacked(Repack repack) {
        if (ops.mappedBytes() == 0 || repack == Repack.OFF) {
            return;
        }
        String lacking =
                MemoryUse.text(ops.mappedBytes()) + " of weights, for which the heap has no room; give the JVM -Xmx"
                        + gigabytes(ops.repackedBytes() + ops.mappedBytes()) + "g";
        if (repack == Repack.ON) {
            throw new IllegalArgumentException("repacking: " + lacking + ", or let them stay mapped");
        }
        LOG.log(System.Logger.Level.WARNING, "{0}: stay mapped and are slow: {1}", file.name(), lacking);
    }

    /** A heap in which copies of so many bytes fit, whatever the collector. */
    private static long gigabytes(long bytes) {
        return bytes / 2 * 3 / 1_000_000_000 + 2;
    }

    /**
     * Loads a file, or a split model by its first file, with the default options.
     *
     * @param path a file; of a split model, its first
     * @return the model, to be closed by the caller
     * @throws IOException if the file cannot be read
     */
    public static Model load(Path path) throws IOException {
        return load(path, LoadOptions.defaults());
    }

    /**
     * Loads a file, or a split model by its first file.
     *
     * @param path a file; of a split model, its first
     * @param options how it is bound
     * @return the model, to be closed by the caller
     * @throws IOException if the file cannot be read
     * @throws GgufException if it is damaged
     * @throws UnsupportedModelException if it is sound, and not of a kind that this engine runs
     */
    public static Model load(Path path, LoadOptions options) throws IOException {
        Gguf file = Gguf.open(path);
        try {
            return new Model(file, options);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Loads a whole file that lies in memory, with the default options; the caller keeps it alive until the model is
     * closed.
     *
     * @param bytes the file from its first byte to its last
     * @return the model, to be closed by the caller
     */
    public static Model load(MemorySegment bytes) {
        return load(bytes, LoadOptions.defaults());
    }

    /**
     * Loads a whole file that lies in memory. The caller owns the segment, and keeps it alive until the model is
     * closed.
     *
     * @param bytes the file from its first byte to its last
     * @param options how it is bound
     * @return the model, to be closed by the caller
     * @throws dev.sluice.gguf.GgufException if it is damaged
     * @throws UnsupportedModelException if it is sound, and not of a kind that this engine runs
     */
    public static Model load(MemorySegment bytes, LoadOptions options) {
        return new Model(Gguf.of(bytes), options);
    }

    /** {@return the file: metadata and tensors} It is closed with the model. */
    public Gguf file() {
        return file;
    }

    /** {@return the value of {@code general.architecture}} */
    public String architecture() {
        return file.metadata().getString("general.architecture");
    }

    /** {@return most tokens that a session can be asked to hold: what the model was trained for} */
    public int contextLength() {
        return bound.decoder().contextLength();
    }

    /** {@return length of a logits vector} */
    public int vocabularySize() {
        return bound.decoder().vocabularySize();
    }

    /** {@return layers of the trunk} */
    public int blockCount() {
        return bound.decoder().blockCount();
    }

    /** {@return multi-token-prediction blocks in the file; checked, not used} */
    public int nextnPredictLayers() {
        return bound.decoder().nextn().blocks();
    }

    /** {@return bytes of the tensors of the multi-token-prediction blocks} */
    public long nextnBytes() {
        return bound.decoder().nextn().bytes();
    }

    /**
     * {@return what is wrong with the multi-token-prediction blocks, if anything} It does not keep the model from
     * running.
     */
    public Optional<String> nextnProblem() {
        return bound.decoder().nextn().problem();
    }

    /** {@return the tokenizer; empty where the file has none} */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /**
     * {@return the chat template of the file, if it has one; of several, the one named default}
     *
     * @throws dev.sluice.chat.TemplateException if it is malformed
     */
    public Optional<ChatTemplate> chatTemplate() {
        return chatTemplates.theDefault();
    }

    /**
     * {@return the template that a chat with these options is rendered by}
     *
     * @param options of these only the tools, the template and its name count
     * @throws IllegalArgumentException if the file has none of the name asked for
     * @throws UnsupportedModelException if the file has none, and the options bring none
     * @throws dev.sluice.chat.TemplateException if it is malformed
     */
    public ChatTemplate chatTemplate(RenderOptions options) {
        return chatTemplates.choose(options);
    }

    /** {@return names of the file's chat templates, in alphabetical order; most files have one, named default} */
    public Set<String> chatTemplateNames() {
        return chatTemplates.names();
    }

    /** {@return bytes of the copies of weights on the heap, part of {@link MemoryUse#scratch()}; the other weights are read where they are mapped} */
    public long repackedBytes() {
        return ops.repackedBytes();
    }

    /**
     * {@return what a session of this size costs}
     *
     * @param options what the session would be made for
     */
    public MemoryUse memory(SessionOptions options) {
        return MemoryUse.of(file, bound.scratchBytes(), bound.decoder().states(), options);
    }

    /** {@return a session of {@link SessionOptions#DEFAULT_CONTEXT_LENGTH} tokens, or of what the model has} */
    public Session newSession() {
        return newSession(SessionOptions.ofContext(Math.min(SessionOptions.DEFAULT_CONTEXT_LENGTH, contextLength())));
    }

    /**
     * Opens a session. Its keys and values take memory as tokens come; that all of them fit is checked here.
     *
     * @param options at most the context of the model
     * @return the session, to be closed by the caller before the model
     * @throws IllegalArgumentException if the context is longer than the model's, or cannot fit in memory; the message
     *     has both numbers
     */
    public Session newSession(SessionOptions options) {
        if (options.contextLength() > contextLength()) {
            throw new IllegalArgumentException("a context of " + options.contextLength()
                    + " tokens: the model was made for at most " + contextLength());
        }
        long needed = memory(options).session();
        long available = SystemMemory.available();
        if (needed > available) {
            throw new IllegalArgumentException("a context of " + options.contextLength() + " tokens needs "
                    + MemoryUse.text(needed) + ", there is " + MemoryUse.text(available)
                    + "; ask for fewer tokens");
        }
        return new Session(this, options, bound.newState(options.kvType()), new int[64]);
    }

    /**
     * {@return what a request gets that names no sampling settings: the file's, and where it says nothing, ours}
     *
     * @throws GgufException if a {@code general.sampling.*} key of the file has a bad value
     */
    public SamplingOptions defaultSampling() {
        return sampling(GenerateOptions.defaults());
    }

    /**
     * Settings in force: the request's, else the file's {@code general.sampling.*}, else 0.7, 20, 0.8, 0.
     *
     * @throws IllegalArgumentException if a setting is out of its range, or the logit bias names an id that is never
     *     generated or leaves none
     */
    SamplingOptions sampling(GenerateOptions request) {
        SamplingOptions options = new SamplingKeys(file).resolve(request);
        BitSet banned = (BitSet) padding.clone();
        options.logitBias().forEach((id, bias) -> {
            if (id >= vocabularySize() || padding.get(id)) {
                throw new IllegalArgumentException("logit bias: the model has no token " + id + "; its "
                        + (vocabularySize() - padding.cardinality()) + " tokens have ids below " + vocabularySize());
            }
            banned.set(id, bias == Float.NEGATIVE_INFINITY);
        });
        if (banned.cardinality() == vocabularySize()) {
            throw new IllegalArgumentException("logit bias: every token is banned");
        }
        return options;
    }

    boolean isEndOfGeneration(int token) {
        return tokenizer.isPresent() && tokenizer.get().isEndOfGeneration(token);
    }

    /** Ids that are never sampled. */
    BitSet padding() {
        return padding;
    }

    BoundModel bound() {
        return bound;
    }

    Tokenizer requireTokenizer() {
        return tokenizer.orElseThrow(() -> new UnsupportedModelException(
                file.name() + ": the file has no tokenizer; give token ids instead of text"));
    }

    ChatTemplates chatTemplates() {
        return chatTemplates;
    }

    @Override
    public void close() {
        bound.close();
        file.close();
    }
}
