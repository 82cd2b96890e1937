package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.sample.Penalties;
import dev.sluice.sample.SamplingOptions;
import dev.sluice.sample.SamplingPreset;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateOptionsTest {
    @Test
    void nothingIsSetUnlessAsked() {
        GenerateOptions options = GenerateOptions.defaults();
        assertThat(options.temperature()).isEmpty();
        assertThat(options.topK()).isEmpty();
        assertThat(options.topP()).isEmpty();
        assertThat(options.minP()).isEmpty();
        assertThat(options.repeatPenalty()).isEmpty();
        assertThat(options.presencePenalty()).isEmpty();
        assertThat(options.frequencyPenalty()).isEmpty();
        assertThat(options.penaltyLastN()).isEmpty();
        assertThat(options.logitBias()).isEmpty();
        assertThat(options.seed()).isEmpty();
    }

    /** Whatever the file says. */
    @ParameterizedTest
    @EnumSource
    void aPresetSetsEverythingButTheSeed(SamplingPreset preset) {
        GenerateOptions options = GenerateOptions.builder().preset(preset).build();
        assertThat(options.temperature()).hasValue(preset.temperature());
        assertThat(options.topK()).hasValue(preset.topK());
        assertThat(options.topP()).hasValue(preset.topP());
        assertThat(options.minP()).hasValue(0);
        assertThat(options.repeatPenalty()).hasValue(1);
        assertThat(options.presencePenalty()).hasValue(preset.penalties().presence());
        assertThat(options.frequencyPenalty()).hasValue(0);
        assertThat(options.penaltyLastN()).hasValue(-1);
        assertThat(options.logitBias()).isEmpty();
        assertThat(options.seed()).isEmpty();
    }

    @Test
    void whatIsSetBesideAPresetWins() {
        SamplingPreset preset = SamplingPreset.QWEN35_THINKING;
        Cancellation cancellation = new Cancellation();
        GenerateOptions before = GenerateOptions.builder()
                .temperature(0)
                .presencePenalty(0)
                .penaltyLastN(64)
                .logitBias(1, 2)
                .preset(preset)
                .cancellation(cancellation)
                .build();
        GenerateOptions after = GenerateOptions.builder()
                .cancellation(cancellation)
                .preset(SamplingPreset.QWEN3_NOTHINK)
                .preset(preset)
                .temperature(0)
                .presencePenalty(0)
                .penaltyLastN(64)
                .logitBias(1, 2)
                .build();
        assertThat(after).isEqualTo(before);
        assertThat(after.temperature()).hasValue(0);
        assertThat(after.presencePenalty()).hasValue(0);
        assertThat(after.penaltyLastN()).hasValue(64);
        assertThat(after.topP()).hasValue(preset.topP());
        assertThat(after.logitBias()).containsExactly(Map.entry(1, 2f));
    }

    @Test
    void aPresetWinsOverTheFile() {
        GgufRewrite file = new GgufRewrite(SyntheticModel.of("qwen35").writer());
        file.keys.put("general.sampling.temp", 0.1f);
        file.keys.put("general.sampling.penalty_repeat", 1.2f);
        GenerateOptions request = GenerateOptions.builder()
                .preset(SamplingPreset.QWEN36_NOTHINK)
                .minP(0.25)
                .seed(9)
                .build();
        try (Model model = Model.load(MemorySegment.ofArray(file.toBytes()))) {
            assertThat(model.sampling(request))
                    .isEqualTo(new SamplingOptions(0.7f, 20, 0.8f, 0.25f, new Penalties(1, 1.5f, 0, -1), Map.of(), 9));
            assertThat(model.defaultSampling().temperature()).isEqualTo(0.1f);
            assertThat(model.defaultSampling().penalties()).isEqualTo(new Penalties(1.2f, 0, 0, -1));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e39, -1e39, Double.MAX_VALUE})
    void aBiasMustNotBecomeInfiniteUnasked(double bias) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerateOptions.builder().logitBias(3, bias))
                .withMessageContainingAll(Double.toString(bias), "token 3", "3.4e38");
    }

    @Test
    void theLastBiasOfATokenCounts() {
        assertThat(GenerateOptions.builder()
                        .logitBias(3, 1)
                        .logitBias(4, Double.NEGATIVE_INFINITY)
                        .logitBias(3, -1)
                        .build()
                        .logitBias())
                .isEqualTo(Map.of(3, -1f, 4, Float.NEGATIVE_INFINITY));
    }
}
