package dev.sluice.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.SyntheticModel;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.UnsupportedModelException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys with values that are wrong, absurd, or not ours: each is named, with its value and what would be right. */
class RefusedKeysTest {
    private static final String DENSE = "qwen35.";
    private static final String SPARSE = "qwen35moe.";

    private static Arguments damaged(Consumer<GgufWriter> keys, String... words) {
        return Arguments.of(words[0], GgufException.class, keys, words);
    }

    private static Arguments unsupported(Consumer<GgufWriter> keys, String... words) {
        return Arguments.of(words[0], UnsupportedModelException.class, keys, words);
    }

    private static Arguments zero(String key) {
        return damaged(w -> w.putU32(key, 0), key, "is 0", "expected 1");
    }

    private static Arguments huge(String key, String... words) {
        String[] all =
                Stream.concat(Stream.of(key, "2147483647"), Stream.of(words)).toArray(String[]::new);
        return damaged(w -> w.putU32(key, Integer.MAX_VALUE), all);
    }

    private static Stream<Arguments> notANumber(String key, float... others) {
        Stream.Builder<Arguments> all = Stream.builder();
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
            all.add(damaged(w -> w.putF32(key, value), key, "is " + value, "expected a finite number"));
        }
        for (float value : others) {
            all.add(damaged(w -> w.putF32(key, value), key, "is " + value, "expected a number above 0"));
        }
        return all.build();
    }

    private static void yarn(GgufWriter writer) {
        writer.putString(DENSE + "rope.scaling.type", "yarn").putF32(DENSE + "rope.scaling.factor", 4);
    }

    static Stream<Arguments> rope() {
        String scaling = DENSE + "rope.scaling.";
        return Stream.of(
                        Stream.of(
                                unsupported(
                                        w -> w.putString(scaling + "type", "longrope"),
                                        scaling + "type",
                                        "'longrope'",
                                        "none, linear, yarn"),
                                unsupported(
                                        w -> w.putString(scaling + "type", "dynamic"), scaling + "type", "'dynamic'"),
                                unsupported(w -> w.putString(scaling + "type", ""), scaling + "type", "''"),
                                damaged(w -> w.putU32(scaling + "type", 2), scaling + "type", "expected a string"),
                                unsupported(
                                        w -> w.putF32(scaling + "yarn_log_multiplier", 0.1f),
                                        scaling + "yarn_log_multiplier",
                                        "not supported"),
                                unsupported(w -> w.putF32(scaling + "alpha", 1000), scaling + "alpha", "not supported"),
                                unsupported(
                                        w -> w.putF32(scaling + "yarn_ext_factor", 1),
                                        scaling + "yarn_ext_factor",
                                        "supported is 0.0"),
                                unsupported(
                                        w -> {
                                            yarn(w);
                                            w.putF32(scaling + "yarn_ext_factor", 0.5f);
                                        },
                                        scaling + "yarn_ext_factor",
                                        "0.5",
                                        "supported is 1.0"),
                                unsupported(
                                        w -> {
                                            yarn(w);
                                            w.putF32(scaling + "yarn_attn_factor", 1);
                                        },
                                        scaling + "yarn_attn_factor",
                                        "supported is 1.138"),
                                damaged(
                                        w -> {
                                            yarn(w);
                                            w.putU32(scaling + "original_context_length", 0);
                                        },
                                        scaling + "original_context_length",
                                        "is 0"),
                                damaged(
                                        w -> {
                                            yarn(w);
                                            w.putF32(DENSE + "rope.freq_base", 1);
                                        },
                                        DENSE + "rope.freq_base",
                                        "is 1.0",
                                        "YaRN"),
                                damaged(
                                        w -> {
                                            yarn(w);
                                            w.putF32(scaling + "yarn_beta_slow", 0);
                                        },
                                        scaling + "yarn_beta_slow",
                                        "above 0"),
                                damaged(
                                        w -> w.putU32(DENSE + "rope.dimension_count", 7),
                                        DENSE + "rope.dimension_count",
                                        "is 7",
                                        "even"),
                                damaged(
                                        w -> w.putU32(DENSE + "rope.dimension_count", 34),
                                        DENSE + "rope.dimension_count",
                                        "is 34",
                                        "2 to 32"),
                                damaged(
                                        w -> w.putInts(DENSE + "rope.dimension_sections", 4),
                                        DENSE + "rope.dimension_sections",
                                        "[4]",
                                        "3 or 4 numbers"),
                                damaged(
                                        w -> w.putInts(DENSE + "rope.dimension_sections", 0, 0, 0, 0),
                                        DENSE + "rope.dimension_sections",
                                        "3 or 4 numbers"),
                                unsupported(
                                        w -> w.putInts(DENSE + "rope.dimension_sections", 1, 1, 1, 1),
                                        DENSE + "rope.dimension_sections",
                                        "[1, 1, 1, 1]",
                                        "every pair")),
                        notANumber(scaling + "factor", 0),
                        notANumber(scaling + "attn_factor", 0),
                        notANumber(DENSE + "rope.scale_linear", 0),
                        notANumber(DENSE + "rope.freq_base", 0))
                .flatMap(s -> s);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                        Stream.of(
                                        "block_count",
                                        "context_length",
                                        "embedding_length",
                                        "full_attention_interval",
                                        "ssm.state_size",
                                        "ssm.group_count",
                                        "ssm.time_step_rank",
                                        "ssm.inner_size",
                                        "attention.key_length")
                                .map(key -> zero(DENSE + key)),
                        Stream.of("expert_count", "expert_used_count", "expert_feed_forward_length")
                                .map(key -> zero(SPARSE + key)),
                        Stream.of(
                                        "block_count",
                                        "embedding_length",
                                        "feed_forward_length",
                                        "ssm.state_size",
                                        "attention.head_count",
                                        "attention.head_count_kv",
                                        "attention.key_length",
                                        "rope.dimension_count",
                                        "nextn_predict_layers",
                                        "ssm.conv_kernel")
                                .map(key -> huge(DENSE + key, "expected")),
                        Stream.of("expert_count", "expert_used_count", "expert_shared_feed_forward_length")
                                .map(key -> huge(SPARSE + key, "expected")),
                        notANumber(DENSE + "attention.layer_norm_rms_epsilon"),
                        notANumber(DENSE + "attention.scale"),
                        notANumber(SPARSE + "expert_weights_scale"),
                        keysOfOtherModels())
                .flatMap(s -> s);
    }

    private static Stream<Arguments> keysOfOtherModels() {
        return Stream.of(
                unsupported(
                        w -> w.putU32(DENSE + "ssm.group_count", 1 << 29)
                                .putU32(DENSE + "ssm.time_step_rank", 1 << 30)
                                .putU32(DENSE + "ssm.state_size", 1)
                                .putU32(DENSE + "ssm.inner_size", 1 << 30),
                        DENSE + "ssm.group_count, ssm.time_step_rank and ssm.state_size",
                        "rows of 3221225472 values"),
                unsupported(
                        w -> w.putU32(DENSE + "attention.head_count", 1 << 16)
                                .putU32(DENSE + "attention.key_length", 1 << 12)
                                .putU32(DENSE + "attention.value_length", 1 << 12),
                        DENSE + "attention.head_count",
                        "rows of 536870912 values"),
                unsupported(
                        w -> w.putU32(SPARSE + "expert_count", 256)
                                .putU32(SPARSE + "expert_used_count", 256)
                                .putU32(SPARSE + "embedding_length", 2048),
                        SPARSE + "expert_used_count",
                        "rows of 524288 values"),
                damaged(
                        w -> w.putU32(SPARSE + "expert_count", (1 << 14) + 1),
                        SPARSE + "expert_count",
                        "is 16385",
                        "1 to 16384"),
                damaged(
                        w -> w.putU32(SPARSE + "expert_count", 512).putU32(SPARSE + "expert_used_count", 257),
                        SPARSE + "expert_used_count",
                        "is 257",
                        "1 to 256"),
                unsupported(
                        w -> w.putU32(DENSE + "attention.value_length", 16),
                        DENSE + "attention.value_length",
                        "the key length, 32"),
                damaged(
                        w -> w.putU32(DENSE + "ssm.time_step_rank", 3),
                        DENSE + "ssm.time_step_rank",
                        "a multiple of ssm.group_count, 2"),
                damaged(w -> w.putU32(DENSE + "ssm.inner_size", 100), DENSE + "ssm.inner_size", "= 128"),
                damaged(
                        w -> w.putBools(DENSE + "attention.recurrent_layers", true, false),
                        DENSE + "attention.recurrent_layers",
                        "an array of 2",
                        "each of 4 blocks"),
                damaged(
                        w -> w.putInts(DENSE + "attention.head_count", 4, 4),
                        DENSE + "attention.head_count",
                        "array of 4 integers"),
                damaged(
                        w -> w.putInts(DENSE + "attention.head_count", 4, 4, 4, -4),
                        DENSE + "attention.head_count",
                        "[4, 4, 4, -4]",
                        "numbers from 0"),
                damaged(
                        w -> w.putInts(DENSE + "attention.head_count_kv", 2, 2, 2, 0),
                        DENSE + "attention.head_count",
                        "is 4 and head_count_kv 0 in layer 3"),
                damaged(w -> w.putU64(DENSE + "embedding_length", -1), DENSE + "embedding_length", "below 2^63"),
                damaged(w -> w.putF64(DENSE + "attention.scale", 1e300), DENSE + "attention.scale", "is 1.0E300"),
                damaged(w -> w.putF32(DENSE + "embedding_length", 128), DENSE + "embedding_length", "the float 128"),
                unsupported(
                        w -> w.putU32(SPARSE + "expert_gating_func", 2), SPARSE + "expert_gating_func", "1 (softmax)"),
                unsupported(w -> w.putU32(SPARSE + "expert_group_count", 4), SPARSE + "expert_group_count", "is 1"),
                unsupported(w -> w.putBool(SPARSE + "norm_top_k_prob", false), SPARSE + "norm_top_k_prob", "true"),
                unsupported(
                        w -> w.putBool(SPARSE + "expert_weights_norm", false), SPARSE + "expert_weights_norm", "true"),
                unsupported(
                        w -> w.putBool("qwen3next.ssm.v_head_reordered", true),
                        "qwen3next.ssm.v_head_reordered",
                        "false"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"rope", "others"})
    void refused(String name, Class<? extends Exception> type, Consumer<GgufWriter> keys, String[] words) {
        String architecture = words[0].substring(0, words[0].indexOf('.'));
        GgufWriter writer = SyntheticModel.of(architecture).writer();
        keys.accept(writer);
        MemorySegment file = MemorySegment.ofArray(writer.toBytes());
        assertThatThrownBy(() -> Model.load(file).close())
                .isExactlyInstanceOf(type)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("\n");
    }

    /** Every key of the architecture with every edge value: the file loads, or is refused by one of the two exceptions. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void noValueBreaksAnythingElse(String architecture) {
        SyntheticModel model = SyntheticModel.of(architecture)
                .set("n_embd", 32)
                .set("ff", 32)
                .set("vocab", 32)
                .mtp()
                .rope("scaling.type", "yarn")
                .rope("scaling.factor", "4")
                .rope("scaling.original_context_length", "1024");
        Gguf file = Gguf.of(MemorySegment.ofArray(model.writer().toBytes()));
        for (String key : file.metadata().keys()) {
            if (!key.startsWith(architecture)) {
                continue;
            }
            for (long value : new long[] {0, 1, 2, 3, 5, 63, 1 << 16, 1 << 30, Integer.MAX_VALUE, 1L << 31, -1}) {
                loadsOrRefuses(model.writer().putU64(key, value), key + " " + value);
                loadsOrRefuses(model.writer().putI64(key, -value), key + " " + -value);
                loadsOrRefuses(model.writer().putInts(key, (int) value, (int) value, 0, 2, 1), key + " array " + value);
            }
            for (double value : new double[] {0, -0.0, 1e-320, 1e-45, 1, 1e38, 1e300, Double.NaN, -1e300}) {
                loadsOrRefuses(model.writer().putF64(key, value), key + " " + value);
            }
            loadsOrRefuses(model.writer().putBool(key, true), key + " true");
            loadsOrRefuses(model.writer().putString(key, "x"), key + " x");
        }
    }

    private static void loadsOrRefuses(GgufWriter writer, String what) {
        try {
            Model.load(
                            MemorySegment.ofArray(writer.toBytes()),
                            LoadOptions.defaults().withThreads(1).withMaxRows(1))
                    .close();
        } catch (GgufException | UnsupportedModelException e) {
            assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("\n");
        }
    }
}
