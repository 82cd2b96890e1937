package dev.sluice;

import java.util.List;

/**
 * Something in a file that this engine refuses or leaves out.
 *
 * @param kind what it concerns
 * @param fatal whether the file is not loaded because of it; if not, only what it concerns is missing or refused
 * @param message what is wrong and what would be right, in one line, without the name of the file
 * @param tensors names of the tensors concerned; empty where it is not tensors
 */
public record Finding(Kind kind, boolean fatal, String message, List<String> tensors) {
    /** What a finding concerns. */
    public enum Kind {
        /** The value of {@code general.architecture}. */
        ARCHITECTURE,
        /** Keys of the architecture: missing, out of range, or asking for what is not computed. */
        KEY,
        /** A tensor that is missing or has a wrong shape. */
        TENSOR,
        /** Tensors of one type that cannot be computed. */
        TENSOR_TYPE,
        /** The keys {@code tokenizer.ggml.*}. */
        TOKENIZER,
        /** A chat template that is malformed: raw prompts are not affected. */
        CHAT_TEMPLATE,
        /** The keys {@code general.sampling.*}. */
        SAMPLING,
        /** The MTP blocks, which are not used. */
        MTP,
        /** Tensors that are unknown and ignored. */
        IGNORED_TENSORS
    }

    /** Copies the names. */
    public Finding {
        tensors = List.copyOf(tensors);
    }

    static Finding of(Kind kind, boolean fatal, String message) {
        return new Finding(kind, fatal, message, List.of());
    }
}
