package dev.sluice.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Angles against figures that were computed apart from this program, those of YaRN in 40 decimal digits. */
class RopeTest {
    private static final int DIMENSIONS = 64;
    private static final double BASE = 1e7;
    private static final Offset<Double> NINE_DIGITS = within(1e-9);

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0.540302306, 0.841470985",
        "1, 1, 0.822902081, 0.568183215",
        "1, 7, 0.999567049, 0.029423025",
        "1, 31, 1.0, 1.65e-7",
        "5, 0, 0.283662185, -0.958924275",
        "5, 1, -0.992795377, 0.119822113",
        "5, 7, 0.98919496, 0.146606038",
        "5, 31, 1.0, 8.27e-7",
        "1000, 0, 0.562379076, 0.826879541",
        "1000, 1, 0.444123347, 0.895965654",
        "1000, 7, -0.405804091, -0.913960086",
        "1000, 31, 0.999999986, 0.000165482",
        "262143, 0, -0.609161491, 0.793046202",
        "262143, 1, 0.92080316, 0.390027615",
        "262143, 7, -0.027455909, -0.999623015",
        "262143, 31, 0.999059241, 0.043366268"
    })
    void unscaled(int position, int pair, double cosine, double sine) {
        Rope rope = Rope.of(DIMENSIONS, BASE);
        double angle = position * rope.frequency()[pair];
        assertThat(Math.cos(angle)).isCloseTo(cosine, NINE_DIGITS);
        assertThat(Math.sin(angle)).isCloseTo(sine, NINE_DIGITS);
        assertThat(rope.magnitude()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0.6042963902", "2, 0.3651741273", "16, 3.16227766e-4", "31, 1.6548171e-7"})
    void linearDividesEveryAngle(int pair, double frequency) {
        Rope rope = Rope.linear(DIMENSIONS, BASE, 2.5);
        assertThat(rope.frequency()[pair] * 2.5).isCloseTo(frequency, within(1e-9 * frequency));
        assertThat(rope.magnitude()).isEqualTo(1);
    }

    /** How Qwen3.5 is extended to a million tokens: pairs up to 14 keep their angles, from 22 on they are a quarter. */
    @ParameterizedTest
    @CsvSource({
        "0, 1.000000000000000e+00",
        "7, 2.942727176209282e-02",
        "13, 1.433012570236963e-03",
        "14, 8.659643233600654e-04",
        "15, 4.742398226801045e-04",
        "16, 2.569350598886808e-04",
        "18, 7.217387404309113e-05",
        "20, 1.844922202500047e-05",
        "21, 8.759770071179004e-06",
        "22, 3.849816315148730e-06",
        "23, 2.326430102324248e-06",
        "31, 4.137042749857953e-08"
    })
    void yarn(int pair, double frequency) {
        Rope rope = Rope.yarn(DIMENSIONS, BASE, 4, 262144, 32, 1);
        assertThat(rope.frequency()[pair]).isCloseTo(frequency, within(1e-14 * frequency));
        assertThat(rope.magnitude()).isCloseTo(1.13862943611199, within(1e-14));
    }

    @Test
    void whichPairsYarnMixes() {
        double[] plain = Rope.of(DIMENSIONS, BASE).frequency();
        double[] scaled = Rope.yarn(DIMENSIONS, BASE, 4, 262144, 32, 1).frequency();
        for (int i = 0; i < plain.length; i++) {
            double share = Math.clamp((i - 14) / 8.0, 0.0, 1.0);
            assertThat(scaled[i] / plain[i]).as("pair %d", i).isCloseTo(1 - 0.75 * share, within(1e-14));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "12, 5.623413251903491e-03",
        "13, 3.651741272548377e-03",
        "14, 2.134236335095490e-03",
        "16, 7.000000000000000e-04",
        "18, 2.108482517142911e-04",
        "19, 1.095367853705745e-04",
        "20, 7.113117640155692e-05"
    })
    void yarnWithOtherBetas(int pair, double frequency) {
        Rope rope = Rope.yarn(DIMENSIONS, 1e6, 2.5, 32768, 16, 2);
        assertThat(rope.frequency()[pair]).isCloseTo(frequency, within(1e-14 * frequency));
        assertThat(rope.magnitude()).isCloseTo(1.09162907318742, within(1e-14));
    }

    /** Below a factor of 1 nothing is extended, and the magnitude stays. */
    @Test
    void magnitude() {
        assertThat(Rope.yarn(DIMENSIONS, BASE, 0.5, 262144, 32, 1).magnitude()).isEqualTo(1);
        assertThat(Rope.of(DIMENSIONS, BASE).magnified(1.5).magnified(2).magnitude())
                .isEqualTo(3);
    }
}
