package dev.sluice;

/** Is told how far the loading of a model has come. Called by the loading thread, perhaps rarely; an exception ends the loading. */
@FunctionalInterface
public interface LoadProgress {
    /**
     * Reports a state of the loading. The first report is of 0 bytes, the last of all; none is of less than the one before.
     *
     * @param done bytes of weights that are ready
     * @param total bytes of weights in the file; the same in every report
     */
    void report(long done, long total);
}
