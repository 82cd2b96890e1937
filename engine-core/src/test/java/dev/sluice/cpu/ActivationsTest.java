package dev.sluice.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cpu.format.Lanes;
import org.junit.jupiter.api.Test;

/** The polynomial exponential, over every 101st of all floats. */
class ActivationsTest {
    private static final int STRIDE = 101;

    @Test
    void isWithinTwoUnitsOfTheLastPlaceAndTheSameInLanes() {
        float[] x = new float[Lanes.LANES];
        float[] y = new float[Lanes.LANES];
        float worst = 0;
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += (long) STRIDE * x.length) {
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat((int) Math.min(Integer.MAX_VALUE, bits + (long) STRIDE * i));
            }
            System.arraycopy(x, 0, y, 0, x.length);
            Activations.exp(y, 0, y.length);
            for (int i = 0; i < x.length; i++) {
                if (Float.compare(Activations.exp(x[i]), y[i]) != 0) {
                    assertThat(Activations.exp(x[i]))
                            .as("exp(%s), not in a vector", x[i])
                            .isEqualTo(Float.valueOf(y[i]));
                }
                worst = Math.max(worst, error(x[i], y[i]));
            }
        }
        assertThat(worst).as("units of the last place").isLessThan(2);
    }

    private static float error(float x, float y) {
        if (Float.isNaN(x)) {
            return Float.isNaN(y) ? 0 : Float.MAX_VALUE;
        }
        // Outside these, arguments are held: the result is about 1e-38, or 2.4e38.
        double exact = Math.exp(Math.clamp(x, -87.33f, 88.37f));
        float rounded = (float) exact;
        return (float) (Math.abs(y - exact) / Math.ulp(rounded));
    }
}
