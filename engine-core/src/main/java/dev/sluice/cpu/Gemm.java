package dev.sluice.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of F32 rows. Each output is one vector accumulator along the columns, its lanes summed at the end, then the
 * odd columns one by one; a tile computes sixteen outputs at once without changing that order.
 */
final class Gemm {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    /** Floats in the accumulators of a tile. */
    static final int SUMS = 16 * LANES;

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1 % LANES, 1, true);

    private Gemm() {}

    /**
     * {@code out[i][j] = dot(x_i, w_j)} for {@code n} rows x and {@code m} rows w of {@code columns} values.
     *
     * @param x rows at {@code xAt + i * xStride}
     * @param w rows at {@code j * columns}
     * @param sums memory of the caller, at least {@link #SUMS} long
     * @param out row i at {@code outAt + i * outStride}
     */
    static void multiply(
            float[] x,
            int xAt,
            int xStride,
            int n,
            float[] w,
            int m,
            int columns,
            float[] sums,
            float[] out,
            int outAt,
            int outStride) {
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            int j = 0;
            for (; j + 4 <= m; j += 4) {
                tile4x4(
                        x,
                        xAt + i * xStride,
                        xStride,
                        w,
                        j * columns,
                        columns,
                        sums,
                        out,
                        outAt + i * outStride + j,
                        outStride);
            }
            for (; j < m; j++) {
                for (int r = i; r < i + 4; r++) {
                    out[outAt + r * outStride + j] = dot(x, xAt + r * xStride, w, j * columns, columns);
                }
            }
        }
        for (; i < n; i++) {
            int j = 0;
            for (; j + 4 <= m; j += 4) {
                tile1x4(x, xAt + i * xStride, w, j * columns, columns, out, outAt + i * outStride + j);
            }
            for (; j < m; j++) {
                out[outAt + i * outStride + j] = dot(x, xAt + i * xStride, w, j * columns, columns);
            }
        }
    }

    static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
        FloatVector sum = FloatVector.zero(S);
        int bound = length - length % LANES;
        for (int k = 0; k < bound; k += LANES) {
            sum = FloatVector.fromArray(S, a, aAt + k).fma(FloatVector.fromArray(S, b, bAt + k), sum);
        }
        return finish(sum, a, aAt, b, bAt, bound, length);
    }

    private static float finish(FloatVector sum, float[] a, int aAt, float[] b, int bAt, int from, int length) {
        float result = sumLanes(sum);
        for (int k = from; k < length; k++) {
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

    private static void tile1x4(float[] x, int xAt, float[] w, int wAt, int columns, float[] out, int outAt) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int w1 = wAt + columns;
        int w2 = w1 + columns;
        int w3 = w2 + columns;
        int bound = columns - columns % LANES;
        for (int k = 0; k < bound; k += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xAt + k);
            s0 = v.fma(FloatVector.fromArray(S, w, wAt + k), s0);
            s1 = v.fma(FloatVector.fromArray(S, w, w1 + k), s1);
            s2 = v.fma(FloatVector.fromArray(S, w, w2 + k), s2);
            s3 = v.fma(FloatVector.fromArray(S, w, w3 + k), s3);
        }
        out[outAt] = finish(s0, x, xAt, w, wAt, bound, columns);
        out[outAt + 1] = finish(s1, x, xAt, w, w1, bound, columns);
        out[outAt + 2] = finish(s2, x, xAt, w, w2, bound, columns);
        out[outAt + 3] = finish(s3, x, xAt, w, w3, bound, columns);
    }

    private static void tile4x4(
            float[] x,
            int xAt,
            int xStride,
            float[] w,
            int wAt,
            int columns,
            float[] sums,
            float[] out,
            int outAt,
            int outStride) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = s00, s02 = s00, s03 = s00;
        FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
        FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        int x1 = xAt + xStride;
        int x2 = x1 + xStride;
        int x3 = x2 + xStride;
        int w1 = wAt + columns;
        int w2 = w1 + columns;
        int w3 = w2 + columns;
        int bound = columns - columns % LANES;
        for (int k = 0; k < bound; k += LANES) {
            FloatVector a0 = FloatVector.fromArray(S, x, xAt + k);
            FloatVector a1 = FloatVector.fromArray(S, x, x1 + k);
            FloatVector a2 = FloatVector.fromArray(S, x, x2 + k);
            FloatVector a3 = FloatVector.fromArray(S, x, x3 + k);
            FloatVector b = FloatVector.fromArray(S, w, wAt + k);
            s00 = a0.fma(b, s00);
            s10 = a1.fma(b, s10);
            s20 = a2.fma(b, s20);
            s30 = a3.fma(b, s30);
            b = FloatVector.fromArray(S, w, w1 + k);
            s01 = a0.fma(b, s01);
            s11 = a1.fma(b, s11);
            s21 = a2.fma(b, s21);
            s31 = a3.fma(b, s31);
            b = FloatVector.fromArray(S, w, w2 + k);
            s02 = a0.fma(b, s02);
            s12 = a1.fma(b, s12);
            s22 = a2.fma(b, s22);
            s32 = a3.fma(b, s32);
            b = FloatVector.fromArray(S, w, w3 + k);
            s03 = a0.fma(b, s03);
            s13 = a1.fma(b, s13);
            s23 = a2.fma(b, s23);
            s33 = a3.fma(b, s33);
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s02.intoArray(sums, 2 * LANES);
        s03.intoArray(sums, 3 * LANES);
        s10.intoArray(sums, 4 * LANES);
        s11.intoArray(sums, 5 * LANES);
        s12.intoArray(sums, 6 * LANES);
        s13.intoArray(sums, 7 * LANES);
        s20.intoArray(sums, 8 * LANES);
        s21.intoArray(sums, 9 * LANES);
        s22.intoArray(sums, 10 * LANES);
        s23.intoArray(sums, 11 * LANES);
        s30.intoArray(sums, 12 * LANES);
        s31.intoArray(sums, 13 * LANES);
        s32.intoArray(sums, 14 * LANES);
        s33.intoArray(sums, 15 * LANES);
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                FloatVector sum = FloatVector.fromArray(S, sums, (4 * i + j) * LANES);
                out[outAt + i * outStride + j] =
                        finish(sum, x, xAt + i * xStride, w, wAt + j * columns, bound, columns);
            }
        }
    }

    /** {@code y += f * x}. */
    static void addScaled(float f, float[] x, int xAt, float[] y, int yAt, int length) {
        FloatVector factor = FloatVector.broadcast(S, f);
        int bound = length - length % LANES;
        int k = 0;
        for (; k < bound; k += LANES) {
            FloatVector.fromArray(S, x, xAt + k)
                    .fma(factor, FloatVector.fromArray(S, y, yAt + k))
                    .intoArray(y, yAt + k);
        }
        for (; k < length; k++) {
            y[yAt + k] = Math.fma(x[xAt + k], f, y[yAt + k]);
        }
    }

    /** {@code y = g * y + f * x}. */
    static void scaleAdd(float g, float[] y, int yAt, float f, float[] x, int xAt, int length) {
        FloatVector scale = FloatVector.broadcast(S, g);
        FloatVector factor = FloatVector.broadcast(S, f);
        int bound = length - length % LANES;
        int k = 0;
        for (; k < bound; k += LANES) {
            FloatVector.fromArray(S, x, xAt + k)
                    .fma(factor, FloatVector.fromArray(S, y, yAt + k).mul(scale))
                    .intoArray(y, yAt + k);
        }
        for (; k < length; k++) {
            y[yAt + k] = Math.fma(x[xAt + k], f, y[yAt + k] * g);
        }
    }
}
