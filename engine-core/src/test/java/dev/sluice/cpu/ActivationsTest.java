package dev.sluice.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cpu.format.Lanes;
import org.junit.jupiter.api.Test;

/**
 * The nonlinear functions over every 101st of all floats; over all of them, in some minutes:
 * {@code mvn -B -ntp test -pl engine-loader,engine-core -Dtest=ActivationsTest -Dsurefire.failIfNoSpecifiedTests=false
 * "-Dtest.heap=2g -Dsluice.stride=1"}.
 */
class ActivationsTest {
    private static final int STRIDE = Integer.getInteger("sluice.stride", 101);

    private final float[] x = new float[Lanes.LANES];
    private final float[] y = new float[Lanes.LANES];
    private final float[] room = new float[Lanes.LANES];

    @Test
    void expIsWithinTwoUnitsOfTheLastPlaceAndTheSameInLanes() {
        float worst = 0;
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits = fill(bits)) {
            System.arraycopy(x, 0, y, 0, x.length);
            Activations.exp(y, 0, y.length);
            for (int i = 0; i < x.length; i++) {
                same(x[i], y[i], Activations.exp(x[i]));
                // Outside these, arguments are held: the result is about 1e-38, or 2.4e38.
                worst = Math.max(worst, error(x[i], Math.exp(Math.clamp(x[i], -87.33f, 88.37f)), y[i]));
            }
        }
        assertThat(worst).as("units of the last place").isLessThan(2);
    }

    @Test
    void siluIsWithinFourUnitsOfTheLastPlaceAndTheSameInLanes() {
        float worst = 0;
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits = fill(bits)) {
            System.arraycopy(x, 0, y, 0, x.length);
            Activations.silu(y, 0, y.length, room);
            for (int i = 0; i < x.length; i++) {
                same(x[i], y[i], x[i] * Activations.sigmoid(x[i]));
                if (Math.abs(x[i]) < 87) { // beyond, the sigmoid is 0 or 1, or nearly
                    worst = Math.max(worst, error(x[i], x[i] / (1 + Math.exp(-(double) x[i])), y[i]));
                }
            }
        }
        assertThat(worst).as("units of the last place").isLessThan(4);
    }

    @Test
    void softplusIsTheNearestFloat() {
        float worst = 0;
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits = fill(bits)) {
            for (float v : x) {
                double exact = v > 20 ? v : Math.log1p(Math.exp(v));
                worst = Math.max(worst, error(v, exact, Activations.softplus(v)));
            }
        }
        assertThat(worst).as("units of the last place").isLessThanOrEqualTo(0.5f);
    }

    /** The floats from these bits on, and the bits of the next ones. */
    private long fill(long bits) {
        for (int i = 0; i < x.length; i++) {
            x[i] = Float.intBitsToFloat((int) Math.min(Integer.MAX_VALUE, bits + (long) STRIDE * i));
        }
        return bits + (long) STRIDE * x.length;
    }

    private static void same(float x, float inLanes, float alone) {
        if (Float.compare(alone, inLanes) != 0) {
            assertThat(alone).as("of %s, not in a vector", x).isEqualTo(Float.valueOf(inLanes));
        }
    }

    private static float error(float x, double exact, float y) {
        if (Float.isNaN(x)) {
            return Float.isNaN(y) ? 0 : Float.MAX_VALUE;
        }
        return y == exact ? 0 : (float) (Math.abs(y - exact) / Math.ulp((float) exact));
    }
}
