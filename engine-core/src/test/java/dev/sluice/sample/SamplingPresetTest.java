package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingPresetTest {
    /** The values of the model cards, as the vendor's tables have them. */
    @ParameterizedTest
    @CsvSource({
        // label, thinking, temperature, top-p, top-k, presence
        "qwen3.5-thinking,               true,  1.0, 0.95, 20, 1.5",
        "qwen3.5-thinking-coding,        true,  0.6, 0.95, 20, 0",
        "qwen3.5-nothink,                false, 0.7, 0.8,  20, 1.5",
        "qwen3.5-nothink-reasoning,      false, 1.0, 1.0,  40, 2.0",
        "qwen3.5-small-thinking,         true,  1.0, 0.95, 20, 1.5",
        "qwen3.5-small-thinking-coding,  true,  0.6, 0.95, 20, 0",
        "qwen3.5-small-nothink,          false, 1.0, 1.0,  20, 2.0",
        "qwen3.6-thinking,               true,  1.0, 0.95, 20, 0",
        "qwen3.6-thinking-coding,        true,  0.6, 0.95, 20, 0",
        "qwen3.6-nothink,                false, 0.7, 0.8,  20, 1.5",
        "qwen3.8-thinking,               true,  1.0, 0.95, 20, 0",
        "qwen3.8-nothink,                false, 0.7, 0.8,  20, 1.5",
        "qwen3-next-thinking,            true,  0.6, 0.95, 20, 0",
        "qwen3-next-instruct,            false, 0.7, 0.8,  20, 0",
        "qwen3-coder-next,               false, 1.0, 0.95, 40, 0",
        "qwen3-thinking,                 true,  0.6, 0.95, 20, 0",
        "qwen3-nothink,                  false, 0.7, 0.8,  20, 0",
    })
    void values(String label, boolean thinking, float temperature, float topP, int topK, float presence) {
        SamplingPreset preset = SamplingPreset.of(label);
        assertThat(preset.label()).isEqualTo(label);
        assertThat(preset.thinking()).isEqualTo(thinking);
        assertThat(preset.temperature()).isEqualTo(temperature);
        assertThat(preset.topP()).isEqualTo(topP);
        assertThat(preset.topK()).isEqualTo(topK);
        assertThat(preset.minP()).isZero();
        assertThat(preset.penalties()).isEqualTo(new Penalties(1, presence, 0, -1));
    }

    @Test
    void labelsAreDistinctAndAllAreInTheTableAbove() {
        assertThat(SamplingPreset.values()).hasSize(17);
        assertThat(Arrays.stream(SamplingPreset.values()).map(SamplingPreset::label))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(SamplingPreset.values()).map(SamplingPreset::description))
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesAnUnknownLabelAndTellsTheKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingPreset.of("QWEN35_THINKING"))
                .withMessageContainingAll("'QWEN35_THINKING'", "qwen3.5-thinking, ", "qwen3-nothink");
    }
}
