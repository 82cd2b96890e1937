package dev.sluice.cpu;

import dev.sluice.op.Norm;

/** Norms and elementwise verbs on rows. Sums of squares are taken in double. */
final class RowKernels {
    private RowKernels() {}

    static void rmsNorm(Norm norm, float[] x, int xAt, float[] out, int outAt, int length) {
        float scale = (float) (1 / Math.sqrt(sumOfSquares(x, xAt, length) / length + norm.epsilon()));
        float[] weight = norm.weight().values();
        for (int i = 0; i < length; i++) {
            out[outAt + i] = x[xAt + i] * scale * weight[i];
        }
    }

    static void l2Norm(float epsilon, float[] x, int xAt, float[] out, int outAt, int length) {
        float scale = (float) (1 / Math.sqrt(sumOfSquares(x, xAt, length) + epsilon));
        for (int i = 0; i < length; i++) {
            out[outAt + i] = x[xAt + i] * scale;
        }
    }

    /** Four sums side by side: one would wait for each addition. */
    private static double sumOfSquares(float[] x, int at, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i <= length - 4; i += 4) {
            a += (double) x[at + i] * x[at + i];
            b += (double) x[at + i + 1] * x[at + i + 1];
            c += (double) x[at + i + 2] * x[at + i + 2];
            d += (double) x[at + i + 3] * x[at + i + 3];
        }
        for (; i < length; i++) {
            a += (double) x[at + i] * x[at + i];
        }
        return (a + b) + (c + d);
    }

    /**
     * Softmax over {@code count} logits, the {@code used} largest, renormalised; lowest number first on ties.
     *
     * @param out {@code used} expert numbers, then {@code used} weights
     */
    static void route(float[] logits, int at, int count, int used, float scale, float[] out, int outAt) {
        for (int rank = 0; rank < used; rank++) {
            int best = -1;
            for (int e = 0; e < count; e++) {
                if (!contains(out, outAt, rank, e) && (best < 0 || logits[at + e] > logits[at + best])) {
                    best = e;
                }
            }
            out[outAt + rank] = best;
        }
        // The softmax over all, renormalised over the selected, is the softmax over the selected.
        double max = logits[at + (int) out[outAt]];
        double sum = 0;
        for (int rank = 0; rank < used; rank++) {
            sum += Math.exp(logits[at + (int) out[outAt + rank]] - max);
        }
        for (int rank = 0; rank < used; rank++) {
            out[outAt + used + rank] = (float) (Math.exp(logits[at + (int) out[outAt + rank]] - max) / sum * scale);
        }
    }

    private static boolean contains(float[] selection, int at, int count, int expert) {
        for (int i = 0; i < count; i++) {
            if (selection[at + i] == expert) {
                return true;
            }
        }
        return false;
    }
}
