package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Vector loops over stretches of arrays, for everything but products with weights. */
final class Simd {
    private Simd() {}

    static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
        FloatVector sum = FloatVector.zero(F);
        int bound = length - length % LANES;
        for (int k = 0; k < bound; k += LANES) {
            sum = FloatVector.fromArray(F, a, aAt + k).fma(FloatVector.fromArray(F, b, bAt + k), sum);
        }
        float result = sum.reduceLanes(VectorOperators.ADD);
        for (int k = bound; k < length; k++) {
            result = Math.fma(a[aAt + k], b[bAt + k], result);
        }
        return result;
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

    /** {@code y = g * y + f * x}. */
    static void scaleAdd(float g, float[] y, int yAt, float f, float[] x, int xAt, int length) {
        FloatVector scale = FloatVector.broadcast(F, g);
        FloatVector factor = FloatVector.broadcast(F, f);
        int bound = length - length % LANES;
        int k = 0;
        for (; k < bound; k += LANES) {
            FloatVector.fromArray(F, x, xAt + k)
                    .fma(factor, FloatVector.fromArray(F, y, yAt + k).mul(scale))
                    .intoArray(y, yAt + k);
        }
        for (; k < length; k++) {
            y[yAt + k] = Math.fma(x[xAt + k], f, y[yAt + k] * g);
        }
    }
}
