package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The nonlinear functions of the family. The vector loop and {@link #exp(float)} do the same operations in the same order, so
 * that a value does not depend on whether it stood in a full vector or in the rest. The loops are written with vectors, as the
 * compiler's own begin to pay at far more values than the rows of a group.
 *
 * <p>exp: {@code x = n ln 2 + r}, {@code |r| <= ln 2 / 2}; {@code exp(r) = 1 + r + r^2 p(r)} with the polynomial of
 * least relative error, 3.1e-9 before rounding; then n goes into the exponent. Arguments are held between -87.33, below which
 * results would be subnormal, and 88.37, a little before F32 ends: masks for 0 and infinity would cost more than the polynomial, and
 * make the code so large that the compiler no longer inlines it.
 */
final class Activations {
    private static final float LOG2_E = 1.442695041f;
    /** 1.5 x 2^23: adding it rounds to an integer, which then stands in the low bits. */
    private static final float ROUND = 12582912f;
    /** ln 2, the upper part with few enough bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float P0 = 0.49999994f;
    private static final float P1 = 0.16666521f;
    private static final float P2 = 0.04166839f;
    private static final float P3 = 0.0083687175f;
    private static final float P4 = 0.0013814602f;
    private static final float LOWEST = -87.33f;
    private static final float HIGHEST = 88.37f;

    private Activations() {}

    /**
     * In place. The one loop of vector operations, and nothing but operations of the JDK: a helper of our own would not be inlined
     * wherever this loop is, and what is not inlined allocates.
     */
    static void exp(float[] x, int at, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector held = FloatVector.fromArray(F, x, at + i);
            // As max and min, of which each takes six instructions for NaN and zeros of both signs.
            held = held.blend(LOWEST, held.compare(VectorOperators.LT, LOWEST));
            held = held.blend(HIGHEST, held.compare(VectorOperators.GT, HIGHEST));
            FloatVector t = held.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
            FloatVector n = t.sub(ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), held);
            r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(F, P4)
                    .fma(r, FloatVector.broadcast(F, P3))
                    .fma(r, FloatVector.broadcast(F, P2))
                    .fma(r, FloatVector.broadcast(F, P1))
                    .fma(r, FloatVector.broadcast(F, P0));
            p.mul(r)
                    .fma(r, r)
                    .add(1f)
                    .mul(t.reinterpretAsInts()
                            .add(127)
                            .lanewise(VectorOperators.LSHL, 23)
                            .reinterpretAsFloats())
                    .intoArray(x, at + i);
        }
        for (; i < length; i++) {
            x[at + i] = exp(x[at + i]);
        }
    }

    static float exp(float x) {
        float held = Math.min(Math.max(x, LOWEST), HIGHEST);
        float t = Math.fma(held, LOG2_E, ROUND);
        float n = t - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, held));
        float p = Math.fma(Math.fma(Math.fma(Math.fma(P4, r, P3), r, P2), r, P1), r, P0);
        float y = Math.fma(p * r, r, r) + 1;
        return y * Float.intBitsToFloat((Float.floatToRawIntBits(t) + 127) << 23);
    }

    static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    /** {@code out = exp(-x)}; not in place. */
    private static void expOfNegated(float[] x, int at, float[] out, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(F, x, at + i).neg().intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = -x[at + i];
        }
        exp(out, 0, length);
    }

    /**
     * {@code out = silu(gate) * up}; {@code out} may be one of them.
     *
     * @param room for {@code length} values, none of the others
     */
    static void siluMul(
            float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int length, float[] room) {
        expOfNegated(gate, gateAt, room, length);
        FloatVector one = FloatVector.broadcast(F, 1);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(F, gate, gateAt + i)
                    .mul(one.div(FloatVector.fromArray(F, room, i).add(one)))
                    .mul(FloatVector.fromArray(F, up, upAt + i))
                    .intoArray(out, outAt + i);
        }
        for (; i < length; i++) {
            out[outAt + i] = gate[gateAt + i] * (1 / (1 + room[i])) * up[upAt + i];
        }
    }

    /** {@code x = silu(x)}; room as above. */
    static void silu(float[] x, int at, int length, float[] room) {
        expOfNegated(x, at, room, length);
        FloatVector one = FloatVector.broadcast(F, 1);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(F, x, at + i)
                    .mul(one.div(FloatVector.fromArray(F, room, i).add(one)))
                    .intoArray(x, at + i);
        }
        for (; i < length; i++) {
            x[at + i] *= 1 / (1 + room[i]);
        }
    }

    /** {@code out = scale * x * sigmoid(gate)}; room as above. */
    static void gate(
            float scale,
            float[] x,
            int xAt,
            float[] gate,
            int gateAt,
            float[] out,
            int outAt,
            int length,
            float[] room) {
        expOfNegated(gate, gateAt, room, length);
        FloatVector one = FloatVector.broadcast(F, 1);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(F, x, xAt + i)
                    .mul(scale)
                    .mul(one.div(FloatVector.fromArray(F, room, i).add(one)))
                    .intoArray(out, outAt + i);
        }
        for (; i < length; i++) {
            out[outAt + i] = x[xAt + i] * scale * (1 / (1 + room[i]));
        }
    }

    /**
     * {@code ln(1 + exp(x))}, in double; above 20 the argument itself, as in PyTorch. Of a row there are as many as value heads, a
     * few hundredths of a percent of its time, and an error here would be one of every later step: so no polynomial.
     */
    static float softplus(float x) {
        return x > 20 ? x : (float) Math.log1p(Math.exp(x));
    }
}
