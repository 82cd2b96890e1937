package dev.sluice;

import dev.sluice.arch.Decoder;
import dev.sluice.gguf.TensorType;
import dev.sluice.op.LayerState;
import dev.sluice.op.Ops;
import dev.sluice.op.SequenceState;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Step;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A decoder, its backend and its one working memory: runs one step at a time, callers in the order they came. */
final class BoundModel implements AutoCloseable {
    /** Floats of logits that one step may compute, 64 MiB, so that scoring a long text needs bounded memory. */
    private static final int LOGITS_OF_A_STEP = 1 << 24;

    private final Decoder decoder;
    private final Ops ops;
    private final Runnable forward;
    private final Step step;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final int maxLogitsRows;
    private boolean closed;

    BoundModel(Decoder decoder, Ops ops, int maxRows) {
        this.decoder = decoder;
        this.ops = ops;
        this.step = new Step(maxRows);
        this.maxLogitsRows = Math.max(1, Math.min(maxRows, LOGITS_OF_A_STEP / decoder.vocabularySize()));
        forward = decoder::forward;
        ops.run(forward, step); // an empty step: reserves every buffer
    }

    Decoder decoder() {
        return decoder;
    }

    long scratchBytes() {
        return ops.scratchBytes();
    }

    /** Rows that one step may have. */
    int maxRows(boolean allLogits) {
        return allLogits ? maxLogitsRows : step.maxRows();
    }

    SequenceState newState(TensorType kvType) {
        List<StateSpec> specs = decoder.states();
        LayerState[] layers = new LayerState[specs.size()];
        turn.lock();
        try {
            requireOpen();
            for (int i = 0; i < layers.length; i++) {
                layers[i] = ops.newState(specs.get(i), kvType);
            }
        } finally {
            turn.unlock();
        }
        return new SequenceState(layers);
    }

    /**
     * One step of one sequence.
     *
     * @param logits receives those of every row, if {@code all}, or of the last; null for none
     */
    void step(SequenceState state, int[] ids, int from, int count, boolean all, float[] out, LogitsConsumer logits) {
        turn.lock();
        try {
            requireOpen();
            step.clear();
            step.add(state, ids, from, count, all && logits != null, logits != null);
            ops.run(forward, step);
            int first = state.length() + count - step.wantedRows();
            state.advance(count);
            for (int i = 0; i < step.wantedRows(); i++) {
                ops.readLogits(i, out, 0);
                logits.accept(first + i, out);
            }
        } finally {
            step.clear();
            turn.unlock();
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
    }

    /** Waits for the step that is running. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            ops.close();
        } finally {
            turn.unlock();
        }
    }
}
