package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files in which other writers lay the same model out differently: each is made from an ordinary one, and must give its
 * logits bit by bit.
 */
class DialectsTest {
    private static final int PROMPT = 20;
    private static final int DECODED = 4;

    private static SyntheticModel model(String architecture, int ratio) {
        return SyntheticModel.of(architecture).seed(ratio).set("lv", 2 * ratio);
    }

    private static Arguments same(String name, SyntheticModel model, Consumer<GgufRewrite> change) {
        return Arguments.of(name, model, change);
    }

    static Stream<Arguments> layouts() {
        Stream.Builder<Arguments> all = Stream.builder();
        for (int ratio = 1; ratio <= 3; ratio++) {
            for (TensorType type : new TensorType[] {TensorType.F32, TensorType.Q8_0}) {
                SyntheticModel next = model("qwen3next", ratio).type(type);
                String what = " of " + type + ", ratio " + ratio;
                all.add(same("ssm_in" + what, next, Dialects::legacyInput));
                all.add(same("ssm_in with a scale" + what, next, DialectsTest::scaledLegacyInput));
                all.add(same("value heads in the order of qwen3next" + what, next, Dialects::unorderedQwen35moe));
            }
        }
        for (String sparse : new String[] {"qwen35moe", "qwen3next"}) {
            for (TensorType type : new TensorType[] {TensorType.F32, TensorType.Q8_0, TensorType.NVFP4}) {
                SyntheticModel model = model(sparse, 2).type(type);
                model = type == TensorType.NVFP4 ? model.type(type, RandomBlocks::encode) : model;
                all.add(same(sparse + " of " + type + ", ffn_gate_up_exps", model, Dialects::fusedGateUp));
                all.add(same(sparse + " of " + type + ", scales", model, DialectsTest::scaledFusedGateUp));
            }
            all.add(same(
                    sparse + ", shared router {H, 1}",
                    model(sparse, 2),
                    file -> Dialects.eachBlock(
                            Dialects.LAYERS, b -> file.reshape(b + "ffn_gate_inp_shexp.weight", 128, 1))));
            all.add(same(sparse + ", expert_weights_scale", model(sparse, 2), DialectsTest::scaledExperts));
        }
        for (String any : new String[] {"qwen35", "qwen35moe", "qwen3next"}) {
            all.add(same(any + ", ssm_dt", model(any, 2), Dialects::withoutBiasSuffix));
            all.add(same(any + ", trailing dimensions of 1", model(any, 2), DialectsTest::fourDimensions));
            all.add(same(
                    any + ", untied like tied",
                    model(any, 2),
                    file -> file.tensors.put("output.weight", file.tensor("token_embd.weight"))));
            all.add(same(any + ", known tensors", model(any, 2), DialectsTest::knownTensors));
            all.add(same(any + ", no MTP block", model(any, 2).mtp(), DialectsTest::withoutMtp));
            for (String kind : new String[] {"attn_", "ssm_", "ffn_", "token_embd"}) {
                all.add(same(any + ", F32 among Q8_0 in " + kind, model(any, 2).type(TensorType.Q8_0), file -> {
                    List<String> names = List.copyOf(file.tensors.keySet());
                    names.stream().filter(name -> name.contains(kind)).forEach(file::decode);
                }));
            }
        }
        return all.build();
    }

    static Stream<Arguments> keys() {
        Stream.Builder<Arguments> all = Stream.builder();
        for (String any : new String[] {"qwen35", "qwen35moe", "qwen3next"}) {
            SyntheticModel model = model(any, 2);
            all.add(same(
                    any + ", head counts a layer",
                    model,
                    file -> file.put((keys, arch) -> keys.putU32s(arch + "attention.head_count", 0, 0, 0, 4)
                            .putInts(arch + "attention.head_count_kv", 0, 0, 0, 2))));
            all.add(same(
                    any + ", recurrent_layers",
                    model,
                    file -> file.put(
                            (keys, arch) -> keys.putBools(arch + "attention.recurrent_layers", true, true, true, false)
                                    .putU32(arch + "full_attention_interval", 2))));
            all.add(same(
                    any + ", recurrent_layers with MTP",
                    model(any, 2).mtp(),
                    file -> file.put((keys, arch) ->
                            keys.putBools(arch + "attention.recurrent_layers", true, true, true, false, false))));
            all.add(same(any + ", defaults left out", model, file -> file.keys
                    .keySet()
                    .removeAll(Stream.of(
                                    "full_attention_interval",
                                    "rope.dimension_sections",
                                    "attention.key_length",
                                    "attention.value_length")
                            .map(key -> any + "." + key)
                            .toList())));
            all.add(same(
                    any + ", u64 and f64",
                    model,
                    file -> file.put((keys, arch) -> {
                        keys.putF64(arch + "rope.freq_base", 1e7)
                                .putF64(arch + "attention.layer_norm_rms_epsilon", 1e-6f);
                        integers(file).forEach(key -> keys.putU64(key, (Long) file.keys.get(key)));
                    })));
            all.add(same(
                    any + ", i32",
                    model,
                    file -> file.put((keys, arch) ->
                            integers(file).forEach(key -> keys.putI32(key, ((Long) file.keys.get(key)).intValue())))));
            all.add(same(
                    any + ", u16",
                    model,
                    file -> file.put((keys, arch) ->
                            integers(file).forEach(key -> keys.putU16(key, ((Long) file.keys.get(key)).intValue())))));
            all.add(same(
                    any + ", rope.scaling.type none",
                    model,
                    file -> file.put((keys, arch) -> keys.putString(arch + "rope.scaling.type", "none")
                            .putF32(arch + "rope.scaling.factor", 4)
                            .putBool(arch + "rope.scaling.finetuned", false))));
        }
        for (String sparse : new String[] {"qwen35moe", "qwen3next"}) {
            all.add(same(
                    sparse + ", no feed_forward_length",
                    model(sparse, 2),
                    file -> file.keys.remove(sparse + ".feed_forward_length")));
            all.add(same(
                    sparse + ", what is always done",
                    model(sparse, 2),
                    file -> file.put((keys, arch) -> keys.putU32(arch + "expert_gating_func", 1)
                            .putU32(arch + "expert_group_count", 0)
                            .putF32(arch + "expert_weights_scale", 1)
                            .putBool(arch + "norm_top_k_prob", true)
                            .putBool(arch + "expert_weights_norm", true))));
        }
        all.add(same(
                "a feed_forward_length a layer",
                model("qwen35", 2),
                file -> file.put((keys, arch) -> keys.putInts(arch + "feed_forward_length", 256, 256, 256, 256))));
        all.add(same(
                "not interleaved",
                model("qwen35", 3),
                file -> file.put((keys, arch) -> keys.putBool(arch + "rope.mrope_interleaved", false))));
        all.add(same(
                "the old key of linear scaling",
                model("qwen35", 2).rope("scaling.type", "linear").rope("scaling.factor", "2.5"),
                file -> {
                    file.keys.remove("qwen35.rope.scaling.type"); // linear is the default
                    file.keys.put("qwen35.rope.scale_linear", file.keys.remove("qwen35.rope.scaling.factor"));
                }));
        all.add(same(
                "what a yarn writer adds",
                yarn(),
                file -> file.put((keys, arch) -> keys.putF32(arch + "rope.scaling.yarn_ext_factor", 1)
                        .putF32(arch + "rope.scaling.yarn_attn_factor", 1.1386294f)
                        .putF32(arch + "rope.scaling.yarn_beta_fast", 32)
                        .putF32(arch + "rope.scaling.yarn_beta_slow", 1)
                        .putF32(arch + "rope.scaling.attn_factor", 1))));
        all.add(same(
                "the context as original context",
                yarn(),
                file -> file.keys.remove("qwen35.rope.scaling.original_context_length")));
        all.add(same(
                "sections that repeat",
                model("qwen35", 3),
                file -> file.put((keys, arch) -> keys.putInts(arch + "rope.dimension_sections", 1, 1, 1, 0))));
        all.add(same("what Ollama writes", model("qwen35", 2), DialectsTest::ollama));
        return all.build();
    }

    private static SyntheticModel yarn() {
        return model("qwen35", 2)
                .set("head", 64)
                .set("rot", 64)
                .rope("scaling.type", "yarn")
                .rope("scaling.factor", "4")
                .rope("scaling.original_context_length", "4096");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"layouts", "keys"})
    void sameLogits(String name, SyntheticModel model, Consumer<GgufRewrite> change) {
        GgufRewrite file = new GgufRewrite(model.writer());
        float[][] expected = run(file.toBytes());
        change.accept(file);
        assertThat(run(file.toBytes())).isDeepEqualTo(expected);
    }

    @Test
    void unknownTensorsGiveOneWarning() {
        Logger logger = Logger.getLogger("dev.sluice");
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            GgufRewrite file = new GgufRewrite(model("qwen35", 2).writer());
            ollama(file);
            run(file.toBytes());
            assertThat(warnings).isEmpty();
            file.putFloats("blk.0.surprise.weight", new long[] {2}, 1, 2);
            file.putFloats("blk.9.attn_norm.weight", new long[] {2}, 1, 2);
            run(file.toBytes());
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains("2 tensors are unknown and ignored", "blk.0.surprise.weight");
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    /** The interval counts from 1: with 3, layers 2, 5, ... are full attention. */
    @Test
    void otherIntervals() {
        GgufRewrite file = new GgufRewrite(model("qwen35", 2).set("n_layer", 8).writer());
        for (int[] move : new int[][] {{3, 2}, {4, 3}, {5, 4}, {7, 5}}) {
            String to = "blk." + move[1] + ".";
            file.tensors.keySet().removeIf(name -> name.startsWith(to));
            for (String name : List.copyOf(file.tensors.keySet())) {
                if (name.startsWith("blk." + move[0] + ".")) {
                    file.rename(name, to + name.substring(to.length()));
                }
            }
        }
        file.tensors.keySet().removeIf(name -> name.startsWith("blk.6."));
        file.keys.put("qwen35.block_count", 6L);
        file.put((keys, arch) ->
                keys.putBools(arch + "attention.recurrent_layers", true, true, false, true, true, false));
        float[][] expected = run(file.toBytes());
        GgufRewrite counted = new GgufRewrite(file.writer());
        counted.keys.remove("qwen35.attention.recurrent_layers");
        counted.keys.put("qwen35.full_attention_interval", 3L);
        assertThat(run(counted.toBytes())).isDeepEqualTo(expected);
    }

    /** One factor for all of it: the same as on each of the two. */
    private static void scaledLegacyInput(GgufRewrite file) {
        Dialects.eachBlock(Dialects.RECURRENT_LAYERS, b -> {
            file.putFloats(b + "attn_qkv.scale", new long[] {1}, 0.3f);
            file.putFloats(b + "attn_gate.scale", new long[] {1}, 0.3f);
        });
        float[][] apart = run(file.toBytes());
        Dialects.legacyInput(file);
        Dialects.eachBlock(Dialects.RECURRENT_LAYERS, b -> {
            file.rename(b + "attn_qkv.scale", b + "ssm_in.scale");
            file.remove(b + "attn_gate.scale");
            file.putFloats(b + "ssm_in.input_scale", new long[] {1}, 3);
        });
        assertThat(run(file.toBytes())).isDeepEqualTo(apart);
        Dialects.eachBlock(Dialects.RECURRENT_LAYERS, b -> file.remove(b + "ssm_in.scale"));
    }

    /** One factor an expert for gate and up: the same in a file with both apart and in one with both together. */
    private static void scaledFusedGateUp(GgufRewrite file) {
        float[] factors = {2, 4, 0.5f, 1, 8, 3, 0.25f, -16};
        Dialects.eachBlock(Dialects.LAYERS, b -> {
            file.putFloats(b + "ffn_gate_exps.scale", new long[] {8}, factors);
            file.putFloats(b + "ffn_up_exps.scale", new long[] {8}, factors);
        });
        float[][] apart = run(file.toBytes());
        Dialects.fusedGateUp(file);
        Dialects.eachBlock(Dialects.LAYERS, b -> {
            file.remove(b + "ffn_gate_exps.scale");
            file.remove(b + "ffn_up_exps.scale");
            file.putFloats(b + "ffn_gate_up_exps.scale", new long[] {8}, factors);
        });
        assertThat(run(file.toBytes())).isDeepEqualTo(apart);
        Dialects.eachBlock(Dialects.LAYERS, b -> file.remove(b + "ffn_gate_up_exps.scale"));
    }

    /** Twice the weights of experts whose results are half as large. */
    private static void scaledExperts(GgufRewrite file) {
        Dialects.eachBlock(Dialects.LAYERS, b -> file.putFloats(b + "ffn_down_exps.scale", new long[] {1}, 0.5f));
        file.put((keys, arch) -> keys.putF32(arch + "expert_weights_scale", 2));
    }

    private static void fourDimensions(GgufRewrite file) {
        for (String name : List.copyOf(file.tensors.keySet())) {
            long[] shape = file.tensor(name).shape();
            long[] longer = Arrays.copyOf(shape, 4);
            Arrays.fill(longer, shape.length, 4, 1);
            file.reshape(name, longer);
        }
    }

    private static void knownTensors(GgufRewrite file) {
        file.putFloats("v.blk.0.attn_q.weight", new long[] {2, 1}, 1, 2);
        file.putFloats("mm.0.weight", new long[] {2}, 1, 2);
        file.putFloats("mtp.layers.0.input_layernorm.weight", new long[] {2}, 1, 2);
    }

    private static void withoutMtp(GgufRewrite file) {
        file.tensors.keySet().removeIf(name -> name.startsWith("blk." + Dialects.LAYERS + "."));
        file.keys.put(file.architecture() + ".block_count", (long) Dialects.LAYERS);
        file.keys.remove(file.architecture() + ".nextn_predict_layers");
    }

    private static void ollama(GgufRewrite file) {
        Dialects.withoutBiasSuffix(file);
        knownTensors(file);
        file.put((keys, arch) -> keys.putU32s(arch + "attention.head_count_kv", 0, 0, 0, 2)
                .putInts(arch + "rope.dimension_sections", 2, 1, 1)
                .putBool(arch + "rope.mrope_interleaved", true)
                .putBool(arch + "ssm.v_head_reordered", true)
                .putBool(arch + "norm_top_k_prob", true)
                .putU32(arch + "vision.block_count", 27)
                .putU32(arch + "image_token_id", 5));
    }

    private static List<String> integers(GgufRewrite file) {
        return file.keys.keySet().stream()
                .filter(key -> file.keys.get(key) instanceof Long && !key.startsWith("general."))
                .toList();
    }

    /** Logits of a prompt and of a few tokens after it, one by one. */
    private static float[][] run(byte[] file) {
        try (Model model = Model.load(
                        MemorySegment.ofArray(file), LoadOptions.defaults().withThreads(2));
                Session session = model.newSession(SessionOptions.ofContext(PROMPT + DECODED))) {
            int[] ids = TestModels.tokens(PROMPT + DECODED, model.vocabularySize());
            float[][] rows = Arrays.copyOf(TestModels.all(session, Arrays.copyOf(ids, PROMPT)), PROMPT + DECODED);
            for (int i = PROMPT; i < rows.length; i++) {
                rows[i] = session.forward(ids[i]).clone();
            }
            return rows;
        }
    }
}
