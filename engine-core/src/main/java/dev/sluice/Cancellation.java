package dev.sluice;

/** A switch that stops generations from any thread. Thread-safe; once cancelled it stays so. */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Not cancelled. */
    public Cancellation() {}

    /** Stops every generation that was given this object, within one step. */
    public void cancel() {
        cancelled = true;
    }

    /** {@return whether {@link #cancel()} was called} */
    public boolean isCancelled() {
        return cancelled;
    }
}
