package dev.sluice.app.inspect;

import dev.sluice.gguf.GgufMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In what the long lists of two tokenizers differ.
 *
 * @param tokens {@code tokenizer.ggml.tokens}
 * @param merges {@code tokenizer.ggml.merges}
 * @param kinds {@code tokenizer.ggml.token_type}
 */
public record TokenizerDifference(
        Optional<ListDifference> tokens, Optional<ListDifference> merges, Optional<KindDifference> kinds) {
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String KINDS = "tokenizer.ggml.token_type";
    private static final int EXAMPLES = 10;

    /**
     * Two lists of texts.
     *
     * @param firstDifference first index with different texts; the length of the shorter one where that is the start of the
     *     other
     * @param onlyInA how many different texts only the first list has, and up to ten of them
     * @param moved texts that both have, at different indices
     */
    public record ListDifference(
            int lengthA,
            int lengthB,
            int firstDifference,
            int onlyInA,
            List<String> examplesA,
            int onlyInB,
            List<String> examplesB,
            int moved) {

        private static Optional<ListDifference> of(List<String> a, List<String> b) {
            int first = Values.mismatch(a, b);
            if (first < 0) {
                return Optional.empty();
            }
            Map<String, Integer> inA = indices(a);
            Map<String, Integer> inB = indices(b);
            List<String> onlyA = missing(a, inB.keySet());
            List<String> onlyB = missing(b, inA.keySet());
            long moved = inA.entrySet().stream()
                    .filter(text -> inB.containsKey(text.getKey())
                            && !inB.get(text.getKey()).equals(text.getValue()))
                    .count();
            return Optional.of(new ListDifference(
                    a.size(),
                    b.size(),
                    first,
                    onlyA.size(),
                    onlyA.stream().limit(EXAMPLES).toList(),
                    onlyB.size(),
                    onlyB.stream().limit(EXAMPLES).toList(),
                    (int) moved));
        }

        private static Map<String, Integer> indices(List<String> texts) {
            Map<String, Integer> indices = new HashMap<>();
            for (int i = 0; i < texts.size(); i++) {
                indices.put(texts.get(i), i);
            }
            return indices;
        }

        private static List<String> missing(List<String> texts, Set<String> others) {
            return texts.stream()
                    .distinct()
                    .filter(text -> !others.contains(text))
                    .toList();
        }
    }

    /**
     * Kinds of tokens.
     *
     * @param firstDifference first id with different kinds, as in {@link ListDifference}
     * @param changed ids that both have, with different kinds
     */
    public record KindDifference(int firstDifference, int changed) {
        private static Optional<KindDifference> of(Object a, Object b) {
            int first = Values.mismatch(a, b);
            if (first < 0) {
                return Optional.empty();
            }
            int changed = 0;
            for (int i = first; i < Math.min(Values.length(a), Values.length(b)); i++) {
                changed += Values.same(Values.element(a, i), Values.element(b, i)) ? 0 : 1;
            }
            return Optional.of(new KindDifference(first, changed));
        }
    }

    static Optional<TokenizerDifference> of(GgufMetadata a, GgufMetadata b) {
        Optional<ListDifference> tokens = lists(TOKENS, a, b);
        Optional<ListDifference> merges = lists(MERGES, a, b);
        Optional<KindDifference> kinds = covers(KINDS, a.find(KINDS), b.find(KINDS))
                ? KindDifference.of(a.find(KINDS).get(), b.find(KINDS).get())
                : Optional.empty();
        return tokens.isEmpty() && merges.isEmpty() && kinds.isEmpty()
                ? Optional.empty()
                : Optional.of(new TokenizerDifference(tokens, merges, kinds));
    }

    private static Optional<ListDifference> lists(String key, GgufMetadata a, GgufMetadata b) {
        return covers(key, a.find(key), b.find(key))
                ? ListDifference.of(
                        a.findStrings(key).orElseThrow(), b.findStrings(key).orElseThrow())
                : Optional.empty();
    }

    /** Whether the difference of these values is told here: both are a list of the kind that the key should have. */
    static boolean covers(String key, Optional<Object> a, Optional<Object> b) {
        return switch (key) {
            case TOKENS, MERGES -> a.orElse(0) instanceof List && b.orElse(0) instanceof List;
            case KINDS -> isIntegers(a.orElse(0)) && isIntegers(b.orElse(0));
            default -> false;
        };
    }

    private static boolean isIntegers(Object value) {
        return value instanceof int[] || value instanceof long[];
    }
}
