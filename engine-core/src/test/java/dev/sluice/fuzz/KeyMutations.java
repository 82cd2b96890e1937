package dev.sluice.fuzz;

import dev.sluice.fuzz.GgufImage.Key;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Changes of metadata: values at their edges, of other types, of other keys; keys that come twice, late, or not at all. */
final class KeyMutations {
    /** Keys that files of the family may have; a * stands for the architecture. */
    private static final List<String> OPTIONAL = List.of(
            "general.alignment",
            "general.sampling.temp",
            "general.sampling.top_k",
            "general.sampling.top_p",
            "general.sampling.min_p",
            "general.sampling.penalty_repeat",
            "general.sampling.penalty_last_n",
            "general.sampling.mirostat",
            "split.no",
            "split.count",
            "split.tensors.count",
            "*.attention.key_length",
            "*.attention.value_length",
            "*.attention.recurrent_layers",
            "*.attention.scale",
            "*.expert_count",
            "*.expert_gating_func",
            "*.expert_group_count",
            "*.expert_used_count",
            "*.expert_weights_norm",
            "*.expert_weights_scale",
            "*.full_attention_interval",
            "*.nextn_predict_layers",
            "*.rope.dimension_count",
            "*.rope.dimension_sections",
            "*.rope.mrope_interleaved",
            "*.rope.scale_linear",
            "*.rope.scaling.attn_factor",
            "*.rope.scaling.factor",
            "*.rope.scaling.original_context_length",
            "*.rope.scaling.type",
            "*.rope.scaling.yarn_beta_fast",
            "*.rope.scaling.yarn_beta_slow",
            "*.rope.scaling.yarn_ext_factor",
            "*.ssm.v_head_reordered",
            "tokenizer.chat_template",
            "tokenizer.chat_template.tool_use",
            "tokenizer.ggml.bos_token_id",
            "tokenizer.ggml.eom_token_id",
            "tokenizer.ggml.eos_token_id",
            "tokenizer.ggml.eot_token_id",
            "tokenizer.ggml.model",
            "tokenizer.ggml.padding_token_id",
            "tokenizer.ggml.pre");

    private static final int[] SCALARS = {0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12};

    static final Map<String, Mutation> ALL = Map.of(
            "value", KeyMutations::value,
            "value of the architecture", KeyMutations::valueOfTheArchitecture,
            "type of a value", KeyMutations::type,
            "values exchanged", KeyMutations::exchange,
            "key added", KeyMutations::add,
            "key dropped", KeyMutations::drop,
            "key twice", KeyMutations::twice,
            "key renamed", KeyMutations::rename,
            "array length", KeyMutations::length,
            "keys in another order",
                    (image, random) -> Collections.swap(
                            image.keys, random.nextInt(image.keys.size()), random.nextInt(image.keys.size())));

    private KeyMutations() {}

    private static void value(GgufImage image, SplittableRandom random) {
        change(image, random.nextInt(image.keys.size()), random);
    }

    private static void valueOfTheArchitecture(GgufImage image, SplittableRandom random) {
        String prefix = architecture(image) + ".";
        for (int tries = 0; tries < 100; tries++) {
            int i = random.nextInt(image.keys.size());
            if (image.keys.get(i).text().startsWith(prefix)) {
                change(image, i, random);
                return;
            }
        }
    }

    private static void change(GgufImage image, int i, SplittableRandom random) {
        Key key = image.keys.get(i);
        if (key.elements().isEmpty()) {
            return;
        }
        List<byte[]> elements = new ArrayList<>(key.elements());
        int e = random.nextInt(elements.size());
        elements.set(
                e,
                key.elementType() == GgufImage.STRING
                        ? Edges.text(elements.get(e), random)
                        : Edges.number(key.elementType(), elements.get(e), random));
        image.keys.set(i, key.withElements(elements));
    }

    private static String architecture(GgufImage image) {
        return image.keys.stream()
                .filter(key -> key.text().equals("general.architecture")
                        && key.elements().size() == 1)
                .map(key -> new String(key.elements().getFirst(), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("qwen35");
    }

    private static void type(GgufImage image, SplittableRandom random) {
        int i = random.nextInt(image.keys.size());
        Key key = image.keys.get(i);
        image.keys.set(i, randomValue(key.name(), number(key), random));
    }

    /** The key's number as far as it has one. */
    private static long number(Key key) {
        byte[] first = key.elements().isEmpty() ? new byte[0] : key.elements().getFirst();
        return Edges.read(ByteBuffer.wrap(first), 0, Math.min(8, first.length));
    }

    private static Key randomValue(byte[] name, long number, SplittableRandom random) {
        int form = random.nextInt(8);
        if (form == 0) {
            byte[] text = Edges.text(new byte[0], random);
            return new Key(name, GgufImage.STRING, GgufImage.STRING, List.of(text));
        }
        int type = SCALARS[random.nextInt(SCALARS.length)];
        List<byte[]> elements = new ArrayList<>();
        for (int n = form == 1 ? random.nextInt(9) : 1; n > 0; n--) {
            elements.add(scalar(type, number, random));
        }
        return new Key(name, form == 1 ? GgufImage.ARRAY : type, type, elements);
    }

    private static byte[] scalar(int type, long number, SplittableRandom random) {
        ByteBuffer value = ByteBuffer.allocate(GgufImage.bytesOf(type)).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case GgufImage.F32 -> value.putFloat(number);
            case GgufImage.F64 -> value.putDouble(number);
            case GgufImage.BOOL -> value.put((byte) (number & 1));
            default -> Edges.write(value, 0, value.capacity(), number);
        }
        return random.nextBoolean() ? value.array() : Edges.number(type, value.array(), random);
    }

    private static void exchange(GgufImage image, SplittableRandom random) {
        int a = random.nextInt(image.keys.size());
        int b = random.nextInt(image.keys.size());
        Key first = image.keys.get(a);
        Key second = image.keys.get(b);
        image.keys.set(a, second.withName(first.name()));
        image.keys.set(b, first.withName(second.name()));
    }

    private static void add(GgufImage image, SplittableRandom random) {
        String name = Mutation.pick(OPTIONAL, random).replace("*", architecture(image));
        image.keys.removeIf(key -> key.text().equals(name));
        image.keys.add(randomValue(name.getBytes(StandardCharsets.UTF_8), random.nextInt(64), random));
    }

    private static void drop(GgufImage image, SplittableRandom random) {
        if (image.keys.size() > 1) {
            image.keys.remove(random.nextInt(image.keys.size()));
        }
    }

    private static void twice(GgufImage image, SplittableRandom random) {
        image.keys.add(Mutation.pick(image.keys, random));
    }

    private static void rename(GgufImage image, SplittableRandom random) {
        int i = random.nextInt(image.keys.size());
        Key key = image.keys.get(i);
        byte[] name = random.nextBoolean()
                ? Edges.text(key.name(), random)
                : Mutation.pick(image.keys, random).name();
        image.keys.set(i, key.withName(name));
    }

    private static void length(GgufImage image, SplittableRandom random) {
        for (int tries = 0; tries < 100; tries++) {
            int i = random.nextInt(image.keys.size());
            Key key = image.keys.get(i);
            if (key.type() == GgufImage.ARRAY && !key.elements().isEmpty()) {
                List<byte[]> elements = new ArrayList<>(key.elements());
                int at = random.nextInt(elements.size());
                switch (random.nextInt(3)) {
                    case 0 -> elements.remove(at);
                    case 1 -> elements.add(at, elements.get(at));
                    default -> elements.subList(at, elements.size()).clear();
                }
                image.keys.set(i, key.withElements(elements));
                return;
            }
        }
    }
}
