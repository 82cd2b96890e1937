package dev.sluice.cpu;

import dev.sluice.op.Rope;
import dev.sluice.op.Step;

/** The cosines and sines of every row of a step, computed once for all its layers. */
final class RotaryTable {
    private final Workers workers;
    private Rope rope;
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
     * position of 262,143 times a frequency loses digits in F32. Valid until the next call.
     */
    double[] of(Rope rope, Step step) {
        if (rope != this.rope) {
            int pairs = rope.dimensions() / 2;
            if (values.length < 2 * pairs * step.rows()) {
                values = new double[2 * pairs * step.rows()];
            }
            workers.run(step.rows(), (row, worker) -> {
                int at = row * 2 * pairs;
                for (int i = 0; i < pairs; i++) {
                    double angle = step.position(row) * rope.frequency()[i];
                    values[at + i] = rope.magnitude() * Math.cos(angle);
                    values[at + pairs + i] = rope.magnitude() * Math.sin(angle);
                }
            });
            this.rope = rope;
        }
        return values;
    }
}
