package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PenaltiesTest {
    @ParameterizedTest
    @CsvSource({
        // repeat, presence, frequency, how often generated, logit, expected
        "1,    0,   0,    3,  2,     2",
        "2,    0,   0,    0,  2,     1",
        "2,    0,   0,    0, -2,    -4",
        "2,    0,   0,    0,  0,     0",
        "0.5,  0,   0,    5,  2,     4",
        "0.5,  0,   0,    5, -2,    -1",
        "1,    1.5, 0,    0,  2,     2",
        "1,    1.5, 0,    1,  2,     0.5",
        "1,    1.5, 0,    9,  2,     0.5",
        "1,   -2,   0,    1,  2,     4",
        "1,    0,   0.25, 0,  2,     2",
        "1,    0,   0.25, 4,  2,     1",
        "1,    0,  -0.25, 4,  2,     3",
        "2,    1,   0.5,  3,  8,     1.5",
        "2,    1,   0.5,  3, -8,   -18.5",
    })
    void formula(float repeat, float presence, float frequency, int generated, float logit, float expected) {
        assertThat(new Penalties(repeat, presence, frequency, -1).apply(logit, generated))
                .isEqualTo(expected);
    }

    /** Written by scripts/golden/sampling.py. */
    @Test
    void logitsAreThoseOfLlamaCppBitByBit() throws IOException {
        List<PenaltyCase> cases;
        try (InputStream in = PenaltiesTest.class.getResourceAsStream("penalties.txt")) {
            cases = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(PenaltyCase::parse)
                    .toList();
        }
        assertThat(cases).hasSize(200);
        assertThat(cases).filteredOn(c -> c.penalties().areNone()).hasSizeBetween(10, 100);
        for (PenaltyCase c : cases) {
            // Arrays of floats compare by bits, so that -0 is not 0.
            assertThat(c.adjusted()).as(c.toString()).isEqualTo(c.expected());
        }
    }

    @Test
    void acceptsTheEndsOfTheRanges() {
        assertThat(new Penalties(Float.MIN_VALUE, -2, -2, -1).areNone()).isFalse();
        assertThat(new Penalties(Float.MAX_VALUE, 2, 2, Integer.MAX_VALUE).areNone())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, -1, true",
        "1.1, 1, 1, 0, true",
        "1, -0.0, 0, 64, true",
        "1.1, 0, 0, 64, false",
        "1, 0.1, 0, 1, false",
        "1, 0, -0.1, -1, false"
    })
    void knowsWhetherItChangesAnything(float repeat, float presence, float frequency, int lastN, boolean none) {
        assertThat(new Penalties(repeat, presence, frequency, lastN).areNone()).isEqualTo(none);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, -1, repeat penalty 0.0, greater than 0",
        "-1, 0, 0, -1, repeat penalty -1.0, greater than 0",
        "NaN, 0, 0, -1, repeat penalty NaN, finite",
        "Infinity, 0, 0, -1, repeat penalty Infinity, finite",
        "1, 2.1, 0, -1, presence penalty 2.1, from -2 to 2",
        "1, -2.1, 0, -1, presence penalty -2.1, from -2 to 2",
        "1, NaN, 0, -1, presence penalty NaN, from -2 to 2",
        "1, 0, 3, -1, frequency penalty 3.0, from -2 to 2",
        "1, 0, NaN, -1, frequency penalty NaN, from -2 to 2",
        "1, 0, 0, -2, last-n -2, -1 for the whole sequence",
    })
    void refusesWhatIsOutOfRange(float repeat, float presence, float frequency, int lastN, String value, String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Penalties(repeat, presence, frequency, lastN))
                .withMessageContainingAll(value, range);
    }
}
