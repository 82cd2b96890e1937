package dev.sluice.fuzz;

import dev.sluice.fuzz.GgufImage.Key;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Changes of the vocabulary: tokens, their types, merges. */
final class TokenizerMutations {
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String MERGES = "tokenizer.ggml.merges";

    static final Map<String, Mutation> ALL = Map.of(
            "token texts", (image, random) -> eachOfSome(image, TOKENS, random, Edges::text),
            "token like another",
                    (image, random) -> edit(image, TOKENS, tokens -> {
                        byte[] other = Mutation.pick(tokens, random);
                        tokens.set(random.nextInt(tokens.size()), other);
                    }),
            "tokens cut off", TokenizerMutations::cutTokens,
            "long token", TokenizerMutations::longToken,
            "token types", TokenizerMutations::types,
            "all tokens of one type",
                    (image, random) -> {
                        byte[] type = type(random.nextInt(7));
                        edit(image, TYPES, types -> types.replaceAll(t -> type));
                    },
            "merges", (image, random) -> eachOfSome(image, MERGES, random, Edges::text),
            "merge of tokens", TokenizerMutations::merge,
            "merges in another order",
                    (image, random) -> edit(image, MERGES, merges -> {
                        byte[] moved = merges.remove(random.nextInt(merges.size()));
                        merges.add(random.nextInt(merges.size() + 1), moved);
                    }));

    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] current, SplittableRandom random);
    }

    private TokenizerMutations() {}

    /** Changes the elements of a key's array, where it is there and not empty. */
    private static void edit(GgufImage image, String name, Consumer<List<byte[]>> change) {
        image.keys.replaceAll(key -> {
            if (!key.text().equals(name) || key.elements().isEmpty()) {
                return key;
            }
            List<byte[]> elements = new ArrayList<>(key.elements());
            change.accept(elements);
            return key.withElements(elements);
        });
    }

    private static void eachOfSome(GgufImage image, String name, SplittableRandom random, Change change) {
        edit(image, name, elements -> {
            for (int n = 1 + random.nextInt(20); n > 0; n--) {
                int i = random.nextInt(elements.size());
                elements.set(i, change.of(elements.get(i), random));
            }
        });
    }

    private static void types(GgufImage image, SplittableRandom random) {
        eachOfSome(
                image,
                TYPES,
                random,
                (current, r) -> type(r.nextInt(8) == 0 ? (int) Edges.integer(1, r) : r.nextInt(7)));
    }

    private static byte[] type(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Both arrays, so that they still agree. */
    private static void cutTokens(GgufImage image, SplittableRandom random) {
        int kept = random.nextInt(600);
        for (String name : List.of(TOKENS, TYPES)) {
            edit(image, name, elements -> {
                while (elements.size() < kept) {
                    elements.add(elements.getFirst());
                }
                elements.subList(kept, elements.size()).clear();
            });
        }
    }

    private static void longToken(GgufImage image, SplittableRandom random) {
        byte[] text = "a".repeat(1 << random.nextInt(16)).getBytes(StandardCharsets.US_ASCII);
        int[] at = new int[1];
        edit(image, TOKENS, tokens -> tokens.set(at[0] = random.nextInt(tokens.size()), text));
        edit(image, TYPES, types -> types.set(Math.min(at[0], types.size() - 1), type(1 + random.nextInt(6))));
    }

    private static void merge(GgufImage image, SplittableRandom random) {
        List<byte[]> tokens = image.keys.stream()
                .filter(key -> key.text().equals(TOKENS) && !key.elements().isEmpty())
                .findFirst()
                .map(Key::elements)
                .orElse(List.of(new byte[] {'a'}));
        edit(image, MERGES, merges -> {
            for (int n = 1 + random.nextInt(20); n > 0; n--) {
                byte[] left = Mutation.pick(tokens, random);
                byte[] right = Mutation.pick(tokens, random);
                ByteBuffer both = ByteBuffer.allocate(left.length + 1 + right.length);
                merges.set(
                        random.nextInt(merges.size()),
                        both.put(left).put((byte) ' ').put(right).array());
            }
        });
    }
}
