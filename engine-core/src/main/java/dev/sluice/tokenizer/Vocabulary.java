package dev.sluice.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/**
 * The parts of a tokenizer as a GGUF file has them.
 *
 * @param tokens text of each id: byte-mapped for normal tokens, literal for added ones
 * @param types kind of each id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte
 * @param merges {@code "A B"} in rank order
 * @param pre name of the pre-tokenizer
 * @param bos id that begins a text, if any
 * @param eos id that ends a text or a turn, if any
 * @param eot id that ends a turn, if the file names one
 * @param eom id that ends a message in the middle of a turn, if the file names one
 * @param padding id that fills up batches, if any
 */
public record Vocabulary(
        List<String> tokens,
        int[] types,
        List<String> merges,
        String pre,
        OptionalInt bos,
        OptionalInt eos,
        OptionalInt eot,
        OptionalInt eom,
        OptionalInt padding) {

    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException naming the GGUF key that is wrong
     */
    public Vocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        types = types.clone();
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("tokenizer.ggml.tokens is empty");
        }
        if (types.length != tokens.size()) {
            throw new IllegalArgumentException("tokenizer.ggml.token_type has " + types.length
                    + " entries, tokenizer.ggml.tokens " + tokens.size() + "; expected as many");
        }
        checkId("bos", bos, tokens.size());
        checkId("eos", eos, tokens.size());
        checkId("eot", eot, tokens.size());
        checkId("eom", eom, tokens.size());
        checkId("padding", padding, tokens.size());
    }

    private static void checkId(String name, OptionalInt id, int size) {
        if (id.isPresent() && (id.getAsInt() < 0 || id.getAsInt() >= size)) {
            throw new IllegalArgumentException(
                    "tokenizer.ggml." + name + "_token_id is " + id.getAsInt() + ", expected an id below " + size);
        }
    }

    int type(int id) {
        return types[id];
    }

    /** Tokens whose text stands for itself and not for mapped bytes. */
    boolean isLiteral(int id) {
        return types[id] == UNKNOWN || types[id] == CONTROL || types[id] == USER_DEFINED;
    }
}
