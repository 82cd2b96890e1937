package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingOptionsTest {

    @Test
    void acceptsTheEndsOfTheRanges() {
        assertThat(new SamplingOptions(0, 0, 0, 0, Long.MIN_VALUE)).isNotNull();
        assertThat(new SamplingOptions(Float.MAX_VALUE, Integer.MAX_VALUE, 1, 1, -1))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "-0.5, 0, 1, 0, temperature -0.5, at least 0",
        "NaN, 0, 1, 0, temperature NaN, finite",
        "Infinity, 0, 1, 0, temperature Infinity, finite",
        "1, -1, 1, 0, top-k -1, at least 0",
        "1, 0, -0.1, 0, top-p -0.1, from 0 to 1",
        "1, 0, 1.5, 0, top-p 1.5, from 0 to 1",
        "1, 0, NaN, 0, top-p NaN, from 0 to 1",
        "1, 0, 1, -1, min-p -1.0, from 0 to 1",
        "1, 0, 1, 1.01, min-p 1.01, from 0 to 1",
        "1, 0, 1, NaN, min-p NaN, from 0 to 1",
    })
    void refusesWhatIsOutOfRange(float temperature, int topK, float topP, float minP, String value, String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SamplingOptions(temperature, topK, topP, minP, 0))
                .withMessageContainingAll(value, range);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, token id -1, at least 0",
        "7, NaN, bias NaN of token 7, finite",
        "7, Infinity, bias Infinity of token 7, negative infinity",
    })
    void refusesABias(int token, float bias, String value, String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SamplingOptions(1, 0, 1, 0, Penalties.NONE, Map.of(token, bias), 0))
                .withMessageContainingAll(value, range);
    }

    @Test
    void biasesAreCopied() {
        Map<Integer, Float> biases = new HashMap<>(Map.of(1, Float.NEGATIVE_INFINITY, 2, -Float.MAX_VALUE));
        SamplingOptions options = new SamplingOptions(1, 0, 1, 0, Penalties.NONE, biases, 0);
        biases.clear();
        assertThat(options.logitBias()).hasSize(2);
    }
}
