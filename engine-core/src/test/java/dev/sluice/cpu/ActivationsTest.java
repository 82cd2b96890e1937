package dev.sluice.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cpu.format.Lanes;
import jdk.incubator.vector.FloatVector;
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
            Activations.exp(FloatVector.fromArray(Lanes.F, x, 0)).intoArray(y, 0);
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
        if (x < -87.33f) {
            return y == 0 ? 0 : Float.MAX_VALUE;
        }
        double exact = Math.exp(x);
        float rounded = (float) exact;
        if (Float.isInfinite(rounded) || x > 88.37f) {
            return y == Float.POSITIVE_INFINITY ? 0 : Float.MAX_VALUE;
        }
        return (float) (Math.abs(y - exact) / Math.ulp(rounded));
    }
}
