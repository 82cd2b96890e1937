package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Vector loops over stretches of arrays, for everything but products with weights. */
final class Simd {
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1 % LANES, 1, true);

    private Simd() {}

    static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
        FloatVector sum = FloatVector.zero(F);
        int bound = length - length % LANES;
        for (int k = 0; k < bound; k += LANES) {
            sum = FloatVector.fromArray(F, a, aAt + k).fma(FloatVector.fromArray(F, b, bAt + k), sum);
        }
        float result = sumLanes(sum);
        for (int k = bound; k < length; k++) {
            result = Math.fma(a[aAt + k], b[bAt + k], result);
        }
        return result;
    }

    /**
     * Halves onto halves, the same for the interpreter and every compiler of the JVM, which may each choose another order
     * for {@code reduceLanes}: a result must not depend on how long the program has run.
     */
    private static float sumLanes(FloatVector v) {
        if (LANES >= 16) {
            v = v.add(v.rearrange(BY_8));
        }
        if (LANES >= 8) {
            v = v.add(v.rearrange(BY_4));
        }
        if (LANES >= 4) {
            v = v.add(v.rearrange(BY_2));
        }
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /** {@code y += f * x}. */
    static void addScaled(float f, float[] x, int xAt, float[] y, int yAt, int length) {
        FloatVector factor = FloatVector.broadcast(F, f);
        int bound = length - length % LANES;
        int k = 0;
        for (; k < bound; k += LANES) {
            FloatVector.fromArray(F, x, xAt + k)
                    .fma(factor, FloatVector.fromArray(F, y, yAt + k))
                    .intoArray(y, yAt + k);
        }
        for (; k < length; k++) {
            y[yAt + k] = Math.fma(x[xAt + k], f, y[yAt + k]);
        }
    }
}
