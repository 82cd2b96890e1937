package dev.sluice;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufMetadata;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.tokenizer.Tokenizer;
import dev.sluice.tokenizer.Vocabulary;
import java.util.List;
import java.util.Optional;

/** Reads the {@code tokenizer.ggml.*} keys: the one place that knows both the file and the tokenizer. */
final class TokenizerKeys {
    private static final String PREFIX = "tokenizer.ggml.";

    private TokenizerKeys() {}

    /** Empty where the file says that it has none. */
    static Optional<Tokenizer> tokenizer(Gguf file) {
        GgufMetadata keys = file.metadata();
        String model = keys.findString(PREFIX + "model").orElse("none");
        if (model.equals("none")) {
            return Optional.empty();
        }
        if (!model.equals("gpt2")) {
            throw new UnsupportedModelException(
                    file.name() + ": " + PREFIX + "model '" + model + "' is not supported; supported is gpt2");
        }
        List<String> tokens = required(file, keys.findStrings(PREFIX + "tokens"), "tokens");
        try {
            return Optional.of(Tokenizer.of(new Vocabulary(
                    tokens,
                    required(file, keys.findInts(PREFIX + "token_type"), "token_type"),
                    required(file, keys.findStrings(PREFIX + "merges"), "merges"),
                    keys.getString(PREFIX + "pre"),
                    keys.findInt(PREFIX + "bos_token_id"),
                    keys.findInt(PREFIX + "eos_token_id"),
                    keys.findInt(PREFIX + "eot_token_id"),
                    keys.findInt(PREFIX + "eom_token_id"),
                    keys.findInt(PREFIX + "padding_token_id"))));
        } catch (IllegalArgumentException e) {
            throw new GgufException(file.name() + ": " + e.getMessage());
        }
    }

    private static <T> T required(Gguf file, Optional<T> value, String key) {
        return value.orElseThrow(() -> new GgufException(file.name() + ": key " + PREFIX + key + " is missing"));
    }
}
