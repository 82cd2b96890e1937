package dev.sluice.op;

/** What one layer keeps of one sequence. Confined to the thread that runs the step; closing frees its memory at once. */
public interface LayerState extends AutoCloseable {
    /** {@return bytes held now} Memory shared with a copy counts in both. */
    long bytes();

    /** {@return a state that continues independently from here} */
    LayerState copy();

    /** Back to the start of a sequence. */
    void clear();

    @Override
    void close();
}
