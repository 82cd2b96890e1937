package dev.sluice.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Vocabularies and random text. */
final class Fixtures {
    static final EncodeOptions RAW = EncodeOptions.plain().withNfc(false);
    static final EncodeOptions RAW_SPECIAL = EncodeOptions.withSpecial().withNfc(false);

    private static final int[] INTERESTING = {
        0, 0x20, 0x7F, 0x300, 0x590, 0x600, 0x900, 0xE00, 0x1100, 0x11A8, 0x2000, 0x3000, 0x4E00, 0xAC00, 0xFE00,
        0x1D160, 0x1F600, 0xE0020
    };

    private Fixtures() {}

    static JsonNode resource(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The vocabulary of the tiny models: 2048 tokens. */
    static Tokenizer tiny(String pre) {
        JsonNode json = resource("vocabulary.json");
        return Tokenizer.of(new Vocabulary(
                strings(json.get("tokens")),
                ints(json.get("token_type")),
                strings(json.get("merges")),
                pre,
                OptionalInt.empty(),
                OptionalInt.of(json.get("eos_token_id").asInt()),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty()));
    }

    static Tokenizer tiny() {
        return tiny("qwen35");
    }

    static List<String> strings(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }

    static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    /** All single bytes, then the results of the merges, then added tokens with their types. */
    static Vocabulary vocabulary(List<String> merges, Map<String, Integer> added) {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteMap.toChar(b)));
        }
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        int normal = tokens.size();
        tokens.addAll(added.keySet());
        List<Integer> types = List.copyOf(added.values());
        int[] kinds = IntStream.range(0, tokens.size())
                .map(id -> id < normal ? 1 : types.get(id - normal))
                .toArray();
        return vocabulary(tokens, kinds, merges, "qwen35");
    }

    static Vocabulary vocabulary(List<String> tokens, int[] types, List<String> merges, String pre) {
        OptionalInt none = OptionalInt.empty();
        return new Vocabulary(tokens, types, merges, pre, none, none, none, none, none);
    }

    /** Random text without lone surrogates, much of it from a few blocks so that neighbours matter. */
    static String randomText(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int c =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20, 0x7F);
                        case 1 -> random.nextInt(Character.MAX_CODE_POINT + 1);
                        default -> INTERESTING[random.nextInt(INTERESTING.length)] + random.nextInt(0x30);
                    };
            text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? '\n' : c);
        }
        return text.toString();
    }
}
