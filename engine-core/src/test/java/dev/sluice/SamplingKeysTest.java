package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.sample.Penalties;
import dev.sluice.sample.SamplingOptions;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of a file, and what a request says against them. */
class SamplingKeysTest {
    private static final String PREFIX = "general.sampling.";
    private static final GenerateOptions SEED =
            GenerateOptions.builder().seed(7).build();

    private static SamplingKeys file(Consumer<GgufWriter> keys) {
        GgufWriter file = new GgufWriter();
        keys.accept(file);
        return new SamplingKeys(Gguf.of(MemorySegment.ofArray(file.toBytes())));
    }

    private static GgufWriter putAll(GgufWriter file) {
        return file.putF32(PREFIX + "temp", 0.5f)
                .putI32(PREFIX + "top_k", 30)
                .putF32(PREFIX + "top_p", 0.9f)
                .putF32(PREFIX + "min_p", 0.01f)
                .putF32(PREFIX + "penalty_repeat", 1.1f)
                .putI32(PREFIX + "penalty_last_n", 64);
    }

    @Test
    void aFileThatSaysNothingGetsOurs() {
        assertThat(file(keys -> {}).resolve(SEED)).isEqualTo(new SamplingOptions(0.7f, 20, 0.8f, 0, 7));
    }

    @Test
    void aFileSaysItsOwn() {
        assertThat(file(SamplingKeysTest::putAll).resolve(SEED))
                .isEqualTo(new SamplingOptions(0.5f, 30, 0.9f, 0.01f, new Penalties(1.1f, 0, 0, 64), Map.of(), 7));
    }

    @Test
    void aRequestSaysMore() {
        GenerateOptions request = GenerateOptions.builder()
                .temperature(0)
                .topK(0)
                .topP(1)
                .minP(0)
                .repeatPenalty(1)
                .presencePenalty(-2)
                .frequencyPenalty(0.5)
                .penaltyLastN(0)
                .logitBias(3, -1.5)
                .seed(7)
                .build();
        assertThat(file(SamplingKeysTest::putAll).resolve(request))
                .isEqualTo(new SamplingOptions(0, 0, 1, 0, new Penalties(1, -2, 0.5f, 0), Map.of(3, -1.5f), 7));
    }

    @Test
    void aRandomSeedIsNotTheSameTwice() {
        SamplingKeys keys = file(empty -> {});
        assertThat(keys.resolve(GenerateOptions.defaults()).seed())
                .isNotEqualTo(keys.resolve(GenerateOptions.defaults()).seed());
    }

    @ParameterizedTest
    @CsvSource({
        "temp, -1, at least 0",
        "temp, NaN, finite",
        "top_p, 1.5, from 0 to 1",
        "min_p, -0.1, from 0 to 1",
        "penalty_repeat, 0, greater than 0",
    })
    void aNumberOutOfRangeIsRefusedWithItsKey(String key, float value, String range) {
        SamplingKeys keys = file(file -> file.putF32(PREFIX + key, value));
        assertThatExceptionOfType(GgufException.class)
                .isThrownBy(() -> keys.resolve(SEED))
                .withMessageContainingAll(PREFIX + key, Float.toString(value), range);
    }

    @ParameterizedTest
    @CsvSource({"top_k, -1, at least 0", "penalty_last_n, -2, -1 for the whole sequence"})
    void anIntegerOutOfRangeIsRefusedWithItsKey(String key, int value, String range) {
        SamplingKeys keys = file(file -> file.putI32(PREFIX + key, value));
        assertThatExceptionOfType(GgufException.class)
                .isThrownBy(() -> keys.resolve(SEED))
                .withMessageContainingAll(PREFIX + key, Integer.toString(value), range);
    }

    @ParameterizedTest
    @CsvSource({
        "temp, a float",
        "top_p, a float",
        "min_p, a float",
        "penalty_repeat, a float",
        "top_k, an integer",
        "penalty_last_n, an integer"
    })
    void aValueOfTheWrongTypeIsRefusedWithItsKey(String key, String expected) {
        SamplingKeys keys = file(file -> file.putString(PREFIX + key, "much"));
        assertThatExceptionOfType(GgufException.class)
                .isThrownBy(() -> keys.resolve(SEED))
                .withMessageContainingAll(PREFIX + key, "much", expected);
    }

    @Test
    void aRequestThatSaysTheSettingDoesNotNeedTheFiles() {
        SamplingKeys keys = file(file -> file.putF32(PREFIX + "temp", -1).putString(PREFIX + "top_k", "many"));
        GenerateOptions request =
                GenerateOptions.builder().temperature(1).topK(5).build();
        assertThat(keys.resolve(request).topK()).isEqualTo(5);
    }

    @Test
    void aRequestOutOfRangeIsItsOwnFault() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file(SamplingKeysTest::putAll)
                        .resolve(GenerateOptions.builder().topP(2).build()))
                .withMessage("top-p 2.0: must be from 0 to 1, where 1 keeps all");
    }

    @Test
    void whatIsNotSupportedIsNamed() {
        assertThat(file(file -> putAll(file)
                                .putString(PREFIX + "sequence", "top_k;temperature")
                                .putF32(PREFIX + "xtc_probability", 0.5f)
                                .putF32(PREFIX + "xtc_threshold", 0.1f)
                                .putI32(PREFIX + "mirostat", 2)
                                .putF32(PREFIX + "mirostat_tau", 5)
                                .putString(PREFIX + "other", "x"))
                        .unsupported())
                .containsExactly(
                        PREFIX + "mirostat",
                        PREFIX + "mirostat_tau",
                        PREFIX + "other",
                        PREFIX + "sequence",
                        PREFIX + "xtc_probability",
                        PREFIX + "xtc_threshold");
    }

    @Test
    void whatIsOffIsNotMentioned() {
        assertThat(file(file -> putAll(file)
                                .putF32(PREFIX + "xtc_probability", 0)
                                .putF32(PREFIX + "xtc_threshold", 0.1f)
                                .putI32(PREFIX + "mirostat", 0)
                                .putF32(PREFIX + "mirostat_eta", 0.1f))
                        .unsupported())
                .isEmpty();
        assertThat(file(file -> file.putF32(PREFIX + "xtc_threshold", 0.1f)).unsupported())
                .isEmpty();
    }
}
