package dev.sluice.cpu;

import dev.sluice.op.Norm;
import dev.sluice.op.Rope;
import dev.sluice.op.Step;

/** The cosines and sines of every row of a step, computed once for all its layers, and the rotation by them. */
final class RotaryTable {
    private final Workers workers;
    private final Workers.Part angles = this::angles;
    private Rope rope;
    private Step step;
    private double[] values = {};

    RotaryTable(Workers workers) {
        this.workers = workers;
    }

    /** Forgets the rows: another step begins. */
    void clear() {
        rope = null;
    }

    /**
     * For each row of the step the cosines of its pairs, then their sines, all times the magnitude. In double: a
     * position of 262,143 times a frequency loses digits in F32.
     */
    void compute(Rope rope, Step step) {
        if (rope == this.rope) {
            return;
        }
        int pairs = rope.dimensions() / 2;
        if (values.length < 2 * pairs * step.rows()) {
            values = new double[2 * pairs * step.maxRows()];
        }
        this.rope = rope;
        this.step = step;
        workers.run(step.rows(), angles);
    }

    private void angles(int row, int worker) {
        int pairs = rope.dimensions() / 2;
        int at = row * 2 * pairs;
        for (int i = 0; i < pairs; i++) {
            double angle = step.position(row) * rope.frequency()[i];
            values[at + i] = rope.magnitude() * Math.cos(angle);
            values[at + pairs + i] = rope.magnitude() * Math.sin(angle);
        }
    }

    /**
     * Norm and rotation of the first values of each head of a row, after {@link #compute}.
     *
     * @param pitch values from one head to the next
     */
    void normRope(int row, int heads, int pitch, Norm norm, CpuBuf x) {
        int pairs = rope.dimensions() / 2;
        for (int h = 0; h < heads; h++) {
            int at = x.row(row) + h * pitch;
            RowKernels.rmsNorm(norm, x.data(), at, x.data(), at, norm.weight().length());
            rotate(row * 2 * pairs, pairs, x.data(), at);
        }
    }

    private void rotate(int cosines, int pairs, float[] x, int at) {
        int sines = cosines + pairs;
        for (int i = 0; i < pairs; i++) {
            double a = x[at + i];
            double b = x[at + pairs + i];
            x[at + i] = (float) (a * values[cosines + i] - b * values[sines + i]);
            x[at + pairs + i] = (float) (a * values[sines + i] + b * values[cosines + i]);
        }
    }
}
