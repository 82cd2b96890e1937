package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.LANES;

import jdk.incubator.vector.FloatVector;

/** Vector loops over stretches of arrays, for everything but products with weights. */
final class Simd {
    private Simd() {}

    /** {@code y = f * x}; {@code y} may be {@code x}. */
    static void scale(float f, float[] x, int xAt, float[] y, int yAt, int length) {
        int k = 0;
        for (; k <= length - LANES; k += LANES) {
            FloatVector.fromArray(F, x, xAt + k).mul(f).intoArray(y, yAt + k);
        }
        for (; k < length; k++) {
            y[yAt + k] = x[xAt + k] * f;
        }
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
