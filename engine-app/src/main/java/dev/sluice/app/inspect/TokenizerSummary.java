package dev.sluice.app.inspect;

import dev.sluice.Inspection;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The tokenizer of a file.
 *
 * @param model {@code tokenizer.ggml.model}: gpt2 is byte-level BPE
 * @param pre {@code tokenizer.ggml.pre}, the pre-tokenizer
 * @param tokens ids in the vocabulary
 * @param kinds how many ids are of each kind
 * @param special the ids that the file names, by the role it gives them: bos, eos, ...
 * @param endOfGeneration what ends a reply; empty where the engine does not take the tokenizer
 * @param padding ids that only pad the vocabulary and are never generated
 */
public record TokenizerSummary(
        String model,
        Optional<String> pre,
        int tokens,
        int merges,
        Map<String, Integer> kinds,
        Map<String, Token> special,
        List<Token> endOfGeneration,
        Optional<Padding> padding) {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String ID = "_token_id";
    private static final String[] KINDS = {"other", "normal", "unknown", "control", "user_defined", "unused", "byte"};

    /** A token and its text, empty where the id is not in the vocabulary. */
    public record Token(long id, String text) {}

    /** Ids of padding. */
    public record Padding(int count, int first, int last) {}

    static Optional<TokenizerSummary> of(Keys keys, Inspection inspection) {
        String model = keys.text(PREFIX + "model").orElse("none");
        if (model.equals("none")) {
            return Optional.empty();
        }
        List<?> tokens = keys.strings(PREFIX + "tokens").orElse(List.of());
        return Optional.of(new TokenizerSummary(
                model,
                keys.text(PREFIX + "pre"),
                tokens.size(),
                keys.length(PREFIX + "merges"),
                kinds(keys),
                special(keys, tokens),
                inspection
                        .tokenizer()
                        .map(known -> IntStream.range(0, known.size())
                                .filter(known::isEndOfGeneration)
                                .mapToObj(id -> new Token(id, known.text(id)))
                                .toList())
                        .orElse(List.of()),
                inspection.tokenizer().flatMap(known -> padding(known.padding()))));
    }

    private static Map<String, Integer> kinds(Keys keys) {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        for (int type : keys.integers(PREFIX + "token_type").orElse(new int[0])) {
            kinds.merge(KINDS[type > 0 && type < KINDS.length ? type : 0], 1, Integer::sum);
        }
        return kinds;
    }

    private static Map<String, Token> special(Keys keys, List<?> tokens) {
        Map<String, Token> special = new LinkedHashMap<>();
        for (String key : keys.metadata().keys()) {
            if (key.startsWith(PREFIX) && key.endsWith(ID)) {
                keys.integer(key)
                        .ifPresent(id -> special.put(
                                key.substring(PREFIX.length(), key.length() - ID.length()),
                                new Token(
                                        id, id >= 0 && id < tokens.size() ? (String) tokens.get(id.intValue()) : "")));
            }
        }
        return special;
    }

    private static Optional<Padding> padding(BitSet ids) {
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(new Padding(ids.cardinality(), ids.nextSetBit(0), ids.length() - 1));
    }
}
