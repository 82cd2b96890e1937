package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import dev.sluice.gguf.UnsupportedModelException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An inspection finds what loading would refuse, all of it, and what it would cost. */
class InspectionTest {
    private static Inspection inspect(byte[] file) {
        return Inspection.of(Gguf.of(MemorySegment.ofArray(file)));
    }

    private static GgufRewrite model(String architecture) {
        return new GgufRewrite(SyntheticModel.of(architecture).mtp().writer());
    }

    /** The findings of a kind, as text. */
    private static List<String> messages(Inspection inspection, Finding.Kind kind) {
        return inspection.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .map(Finding::message)
                .toList();
    }

    /** Why loading refuses the file, without the name of the file. */
    private static Optional<String> refusal(byte[] file) {
        try (Model model = Model.load(MemorySegment.ofArray(file))) {
            assertThat(model.blockCount()).isPositive();
            return Optional.empty();
        } catch (GgufException | UnsupportedModelException e) {
            return Optional.of(e.getMessage().replaceFirst("^memory: ", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void costsWhatTheLoadedModelCosts(String architecture) {
        byte[] file = model(architecture).toBytes();
        Inspection inspection = inspect(file);
        assertThat(inspection.findings()).isEmpty();
        assertThat(inspection.isRefused()).isFalse();
        assertThat(inspection.tokenizer()).isEmpty();
        try (Model loaded = Model.load(MemorySegment.ofArray(file))) {
            for (SessionOptions options : List.of(
                    SessionOptions.ofContext(100),
                    SessionOptions.ofContext(4096).withKvType(TensorType.F32))) {
                assertThat(inspection.memory(options)).isEqualTo(loaded.memory(options));
            }
        }
    }

    @Test
    void everyTensorThatIsMissingOrWrong() {
        GgufRewrite file = model("qwen35");
        file.remove("token_embd.weight");
        file.remove("blk.0.ffn_up.weight");
        file.remove("blk.2.ssm_a");
        file.remove("blk.3.attn_q.weight");
        file.reshape("blk.1.ffn_up.weight", 256, 128);
        file.reshape("blk.3.attn_k_norm.weight", 16, 2);
        Inspection inspection = inspect(file.toBytes());
        assertThat(inspection.isRefused()).isTrue();
        assertThat(inspection.findings()).allMatch(Finding::fatal);
        assertThat(messages(inspection, Finding.Kind.TENSOR))
                .containsExactly(
                        "tensor \"token_embd.weight\" is missing",
                        "tensor \"blk.0.ffn_up.weight\" is missing",
                        "tensor blk.1.ffn_up.weight has shape [256, 128], expected [128, 256]",
                        "tensor \"blk.2.ssm_a\" is missing",
                        "tensor \"blk.3.attn_q.weight\" is missing",
                        "tensor blk.3.attn_k_norm.weight has shape [16, 2], expected [32]");
        assertThat(inspection.findings().getLast().tensors()).containsExactly("blk.3.attn_k_norm.weight");
        assertThatThrownBy(() -> inspection.memory(SessionOptions.ofContext(1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void typesThatCannotBeComputedAreCounted() {
        GgufRewrite file = model("qwen35");
        for (String name : List.of("blk.0.ffn_down.weight", "blk.1.ffn_down.weight")) {
            uncomputed(file, name, TensorType.IQ2_XXS, 256, 128);
        }
        uncomputed(file, "blk.3.ffn_down.weight", TensorType.IQ3_S, 256, 128);
        uncomputed(file, "v.tower.weight", TensorType.IQ1_S, 256, 1); // not used, so not refused
        List<Finding> findings = inspect(file.toBytes()).findings();
        assertThat(findings).extracting(Finding::kind).containsOnly(Finding.Kind.TENSOR_TYPE);
        assertThat(findings).hasSize(2);
        assertThat(findings.getFirst().message())
                .startsWith("2 tensors are of type IQ2_XXS, which cannot be computed, the first is "
                        + "blk.0.ffn_down.weight; supported: F32, F16,");
        assertThat(findings.getFirst().tensors()).containsExactly("blk.0.ffn_down.weight", "blk.1.ffn_down.weight");
        assertThat(findings.getLast().message()).startsWith("1 tensor is of type IQ3_S");
    }

    private static void uncomputed(GgufRewrite file, String name, TensorType type, long... shape) {
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        blocks.writeBytes(new byte[(int) type.bytes(shape[0] * shape[1])]);
        file.put(name, type, shape, blocks);
    }

    @Test
    void everyGroupOfKeys() {
        GgufRewrite file = model("qwen35moe");
        file.put((out, prefix) -> out.putF32(prefix + "attention.layer_norm_rms_epsilon", Float.NaN)
                .putU32(prefix + "attention.value_length", 7)
                .putU32(prefix + "ssm.inner_size", 7)
                .putU32(prefix + "expert_used_count", 99)
                .putBools(prefix + "attention.recurrent_layers", true));
        assertThat(messages(inspect(file.toBytes()), Finding.Kind.KEY))
                .hasSize(5)
                .anyMatch(message -> message.contains("layer_norm_rms_epsilon is NaN"))
                .anyMatch(message -> message.contains("attention.value_length 7 is not supported"))
                .anyMatch(message -> message.contains("ssm.inner_size is 7"))
                .anyMatch(message -> message.contains("expert_used_count is 99"))
                .anyMatch(message -> message.contains("attention.recurrent_layers"));
        GgufRewrite heads = model("qwen35");
        heads.put((out, prefix) -> out.putU32(prefix + "attention.head_count_kv", 3));
        heads.remove("blk.0.ffn_up.weight");
        uncomputed(heads, "blk.0.ffn_down.weight", TensorType.IQ2_XXS, 256, 128);
        Inspection inspection = inspect(heads.toBytes());
        assertThat(messages(inspection, Finding.Kind.KEY))
                .singleElement()
                .asString()
                .contains("head_count_kv 3");
        assertThat(messages(inspection, Finding.Kind.TENSOR))
                .singleElement()
                .asString()
                .contains("blk.0.ffn_up");
        assertThat(messages(inspection, Finding.Kind.TENSOR_TYPE))
                .singleElement()
                .asString()
                .startsWith("1 tensor is of type IQ2_XXS");
    }

    @Test
    void otherArchitecture() {
        GgufRewrite file = model("qwen35");
        file.keys.put("general.architecture", "llama");
        file.keys.put("tokenizer.ggml.model", "bert");
        uncomputed(file, "blk.0.ffn_down.weight", TensorType.IQ2_XXS, 256, 128);
        assertThat(inspect(file.toBytes()).findings())
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(Finding.Kind.ARCHITECTURE, Finding.Kind.TENSOR_TYPE, Finding.Kind.TOKENIZER);
        file.keys.remove("general.architecture");
        assertThat(messages(inspect(file.toBytes()), Finding.Kind.ARCHITECTURE))
                .singleElement()
                .asString()
                .contains("general.architecture", "missing");
    }

    /** What leaves the model usable: it loads, and the findings are not fatal. */
    @Test
    void whatIsLeftOut() {
        GgufRewrite file = model("qwen35");
        file.remove("blk.4.nextn.enorm.weight");
        file.putFloats("blk.0.surprise.weight", new long[] {2}, 1, 2);
        file.keys.put("tokenizer.chat_template", "{{ messages");
        file.keys.put("tokenizer.chat_template.sound", "{{ messages }}");
        file.keys.put("tokenizer.chat_template.number", 5L);
        file.keys.put("general.sampling.temp", -1f);
        file.keys.put("general.sampling.dry_multiplier", 1f);
        Inspection inspection = inspect(file.toBytes());
        assertThat(refusal(file.toBytes())).isEmpty();
        assertThat(inspection.isRefused()).isFalse();
        assertThat(inspection.findings()).noneMatch(Finding::fatal);
        assertThat(messages(inspection, Finding.Kind.MTP))
                .singleElement()
                .asString()
                .contains("enorm", "missing");
        assertThat(messages(inspection, Finding.Kind.IGNORED_TENSORS))
                .containsExactly("1 tensor is unknown and ignored, the first is blk.0.surprise.weight");
        assertThat(messages(inspection, Finding.Kind.CHAT_TEMPLATE))
                .hasSize(2)
                .anyMatch(message -> message.startsWith("chat template default: a tag is not closed"))
                .anyMatch(message -> message.startsWith("chat template number: key"));
        assertThat(messages(inspection, Finding.Kind.SAMPLING))
                .hasSize(2)
                .anyMatch(message -> message.contains("general.sampling.temp: temperature -1.0"))
                .contains("general.sampling.dry_multiplier is not supported and ignored");
        assertThat(inspection.defaultSampling()).isEmpty();
        assertThat(inspection.chatTemplateNames()).containsExactly("default", "number", "sound");
        assertThat(inspection.chatTemplate("sound").variables()).containsExactly("messages");
        assertThatThrownBy(() -> inspection.chatTemplate("other")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Thousands of blocks of which nothing is there: the search ends. */
    @Test
    void boundedNumberOfFindings() {
        int blocks = 2000;
        GgufWriter file = SyntheticModel.of("qwen35").writer().putU32("qwen35.block_count", blocks);
        for (int i = 0; i < blocks; i++) {
            file.add("blk." + i + ".other", new long[] {1}, 0);
        }
        assertThat(inspect(file.toBytes()).findings()).hasSizeBetween(10_000, 10_001);
    }

    /** Whatever is done to a file: it is refused exactly where it does not load, and that reason is among the findings. */
    @Test
    void agreesWithLoading() {
        long seed = System.nanoTime();
        System.out.println("InspectionTest.agreesWithLoading: seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            GgufRewrite file = model(List.of("qwen35", "qwen35moe", "qwen3next").get(i % 3));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                change(file, random);
            }
            byte[] bytes = file.toBytes();
            Optional<String> refusal = refusal(bytes);
            Inspection inspection = inspect(bytes);
            assertThat(inspection.isRefused())
                    .as("seed %d, %d: %s", seed, i, refusal)
                    .isEqualTo(refusal.isPresent());
            refusal.ifPresent(message -> assertThat(inspection.findings())
                    .filteredOn(Finding::fatal)
                    .extracting(Finding::message)
                    .contains(message));
            refused += refusal.isPresent() ? 1 : 0;
        }
        assertThat(refused).isBetween(20, 99);
    }

    private static void change(GgufRewrite file, Random random) {
        List<String> tensors = new ArrayList<>(file.tensors.keySet());
        String tensor = tensors.get(random.nextInt(tensors.size()));
        switch (random.nextInt(4)) {
            case 0 -> file.remove(tensor);
            case 1 -> file.rename(tensor, tensor + ".renamed");
            case 2 -> {
                long[] shape = file.tensor(tensor).shape();
                long elements = 1;
                for (long size : shape) {
                    elements *= size;
                }
                file.reshape(tensor, elements);
            }
            default -> {
                List<String> keys = file.keys.keySet().stream()
                        .filter(key -> key.startsWith(file.architecture()) && file.keys.get(key) instanceof Long)
                        .toList();
                long[] values = {0, 1, 2, 3, 5, 64, 1000, 1 << 20};
                file.keys.put(keys.get(random.nextInt(keys.size())), values[random.nextInt(values.length)]);
            }
        }
    }
}
