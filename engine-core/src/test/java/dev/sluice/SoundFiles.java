package dev.sluice;

import dev.sluice.fuzz.GgufImage;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Small sound files that {@link FileFuzz} damages: every family, layout and weight type, with and without tokenizer, and
 * shapes that no real model has.
 */
final class SoundFiles {
    /**
     * A model.
     *
     * @param parts one, or all of a split file
     */
    record Sound(String name, List<GgufImage> parts) {}

    private static final int RANDOM_SHAPES = 18;
    private static final int TENSORS_OF_DENSE = 55;
    private static final List<String> ARCHITECTURES = List.of("qwen35", "qwen35moe", "qwen3next");
    private static final List<String> MERGES = List.of(
            "t h",
            "h e",
            "th e",
            "\u0120 t",
            "\u0120t he",
            "i n",
            "e r",
            "a n",
            "o n",
            "\u0120 a",
            "an d",
            "l l",
            "0 0",
            "00 00",
            "\u010A \u010A",
            "\u0120 \u0120",
            "\u00E4 \u00B8");
    private static final List<String> CONTROL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final List<String> USER_DEFINED = List.of("<think>", "</think>", "<tool_call>");
    private static final List<String> UNUSED = List.of("[PAD0]", "[PAD1]");

    private SoundFiles() {}

    static List<Sound> all(SplittableRandom random) throws IOException {
        List<Sound> all = new ArrayList<>();
        add(all, "dense", withTexts(small("qwen35"), "qwen35-small"), file -> {});
        add(
                all,
                "dense F16, untied, MTP",
                small("qwen35").type(TensorType.F16).untied().mtp().writer(),
                file -> {});
        add(
                all,
                "YaRN",
                withTexts(
                        small("qwen35")
                                .rope("scaling.type", "yarn")
                                .rope("scaling.factor", "4")
                                .rope("scaling.original_context_length", "1024"),
                        "qwen3"),
                file -> {});
        add(all, "MoE Q8_0", withTexts(small("qwen35moe").type(TensorType.Q8_0), "qwen36"), file -> {});
        add(
                all,
                "MoE BF16, fused, MTP",
                small("qwen35moe").type(TensorType.BF16).mtp().writer(),
                Dialects::fusedGateUp);
        add(all, "next, fused", withTexts(small("qwen3next"), "qwen3next-thinking"), file -> {
            Dialects.legacyInput(file);
            Dialects.withoutBiasSuffix(file);
            Dialects.fusedGateUp(file);
        });
        add(all, "next, MTP", small("qwen3next").untied().mtp().writer(), file -> {});
        add(
                all,
                "NVFP4 with scales",
                small("qwen35moe")
                        .set("n_embd", 64)
                        .type(TensorType.NVFP4, RandomBlocks::encode)
                        .writer(),
                SoundFiles::addScales);
        add(all, "all types", withTexts(wide(), "qwen35"), SoundFiles::mixTypes);
        for (int i = 0; i < RANDOM_SHAPES; i++) {
            String architecture = ARCHITECTURES.get(i % ARCHITECTURES.size());
            SyntheticModel odd = oddShape(architecture, random);
            GgufWriter file = i % 2 == 0 ? odd.writer() : withTexts(odd, "tiny");
            add(all, "odd shape " + i + " of " + architecture, file, rewrite -> {});
        }
        all.add(split(withTexts(small("qwen35"), "qwen38")));
        return List.copyOf(all);
    }

    private static void add(List<Sound> all, String name, GgufWriter file, Consumer<GgufRewrite> change) {
        GgufRewrite rewrite = new GgufRewrite(file);
        change.accept(rewrite);
        all.add(new Sound(name, List.of(GgufImage.of(rewrite.toBytes()))));
    }

    private static SyntheticModel small(String architecture) {
        return SyntheticModel.of(architecture)
                .set("n_embd", 32)
                .set("n_head", 2)
                .set("n_kv", 1)
                .set("head", 16)
                .set("ld", 8)
                .set("ff", 32)
                .set("vocab", tokens().size() + 2);
    }

    /** Rows that fit every block. */
    private static SyntheticModel wide() {
        return small("qwen35").set("n_embd", 256).set("ff", 256);
    }

    private static SyntheticModel oddShape(String architecture, SplittableRandom random) {
        int groups = 1 + random.nextInt(3);
        SyntheticModel model = small(architecture)
                .seed(random.nextInt(1000))
                .set("n_embd", 1 + random.nextInt(70))
                .set("n_kv", groups)
                .set("n_head", groups * (1 + random.nextInt(3)))
                .set("head", 2 + random.nextInt(40))
                .set("rot", 2)
                .set("lk", groups)
                .set("lv", groups * (1 + random.nextInt(4)))
                .set("ld", 1 + random.nextInt(40))
                .set("ff", 1 + random.nextInt(70))
                .set("ctx", 1 + random.nextInt(300))
                .sections(1, 1, 1, 0);
        if (!architecture.equals("qwen35")) {
            int experts = 1 + random.nextInt(9);
            model.set("experts", experts)
                    .set("used", 1 + random.nextInt(experts))
                    .set("eff", 1 + random.nextInt(40))
                    .set("sff", 1 + random.nextInt(40));
        }
        if (random.nextInt(3) == 0) {
            stretch(model, random);
        }
        return random.nextBoolean() ? model : model.untied();
    }

    /** Narrow rows, and one dimension that is large beside them: small files that need much memory. */
    private static void stretch(SyntheticModel model, SplittableRandom random) {
        model.set("n_embd", 1 + random.nextInt(3));
        switch (random.nextInt(4)) {
            case 0 -> model.set("head", 512);
            case 1 -> model.set("ld", 200);
            case 2 -> model.set("ff", 5000).set("vocab", 3000);
            default -> model.set("lk", 1).set("lv", 100);
        }
    }

    /** The byte alphabet, what the merges make, added tokens. */
    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        char next = 0x100;
        for (char b = 0; b < 256; b++) {
            boolean printable = b > ' ' && b < 0x7F || b > 0xA0 && b != 0xAD;
            tokens.add(String.valueOf(printable ? b : next++));
        }
        MERGES.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.addAll(CONTROL);
        tokens.addAll(USER_DEFINED);
        tokens.addAll(UNUSED);
        return tokens;
    }

    private static int type(String token) {
        return CONTROL.contains(token) ? 3 : USER_DEFINED.contains(token) ? 4 : UNUSED.contains(token) ? 5 : 1;
    }

    /** With a tokenizer, a chat template and settings for sampling. */
    private static GgufWriter withTexts(SyntheticModel model, String template) {
        List<String> tokens = tokens();
        return model.writer()
                .putString("tokenizer.ggml.model", "gpt2")
                .putString("tokenizer.ggml.pre", "qwen35")
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putInts(
                        "tokenizer.ggml.token_type",
                        tokens.stream().mapToInt(SoundFiles::type).toArray())
                .putStrings("tokenizer.ggml.merges", MERGES)
                .putU32("tokenizer.ggml.eos_token_id", tokens.indexOf("<|im_end|>"))
                .putU32("tokenizer.ggml.padding_token_id", tokens.indexOf("<|endoftext|>"))
                .putString("tokenizer.chat_template", template(template))
                .putF32("general.sampling.temp", 0.6f)
                .putI32("general.sampling.top_k", 20)
                .putF32("general.sampling.penalty_repeat", 1.1f);
    }

    private static String template(String name) {
        try (InputStream in = SoundFiles.class.getResourceAsStream("chat/templates/" + name + ".jinja")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addScales(GgufRewrite file) {
        Dialects.eachBlock(Dialects.LAYERS, b -> {
            file.putFloats(b + "ffn_gate_exps.scale", new long[] {8}, 1, 2, 3, 4, 5, 6, 7, 8);
            file.putFloats(b + "ffn_up_shexp.scale", new long[] {1}, 0.5f);
        });
    }

    /** Every matrix in another type. */
    private static void mixTypes(GgufRewrite file) {
        int next = 0;
        for (String name : List.copyOf(file.tensors.keySet())) {
            GgufRewrite.Part part = file.tensor(name);
            TensorType type = RandomBlocks.TYPES.get(next % RandomBlocks.TYPES.size());
            if (part.shape().length > 1 && part.shape()[0] % type.blockLength() == 0) {
                file.put(name, type, part.shape(), randomRows(type, part.shape()));
                next++;
            }
        }
    }

    private static ByteArrayOutputStream randomRows(TensorType type, long[] shape) {
        float[] row = new float[(int) shape[0]];
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (int i = 0; i < shape[1]; i++) {
            row[0] = i; // another row of random blocks
            rows.writeBytes(RandomBlocks.encode(type, row));
        }
        return rows;
    }

    private static Sound split(GgufWriter whole) throws IOException {
        Path directory = Files.createTempDirectory("sluice");
        List<GgufImage> parts = new ArrayList<>();
        for (Path part : whole.writeSplit(directory, "model", 10, 20, TENSORS_OF_DENSE - 30)) {
            parts.add(GgufImage.of(Files.readAllBytes(part)));
            Files.delete(part);
        }
        Files.delete(directory);
        return new Sound("split", parts);
    }
}
