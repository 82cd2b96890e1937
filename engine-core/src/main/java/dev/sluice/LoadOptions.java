package dev.sluice;

/**
 * How a model is bound.
 *
 * @param threads threads that compute one step, the caller's among them
 * @param maxRows rows of one step: a longer prompt is read in pieces of this many tokens
 */
public record LoadOptions(int threads, int maxRows) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code threads} is not from 1 to 1024, or {@code maxRows} not from 1 to 4096
     */
    public LoadOptions {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads: " + threads + ", expected 1 to 1024");
        }
        if (maxRows < 1 || maxRows > 4096) {
            throw new IllegalArgumentException("maxRows: " + maxRows + ", expected 1 to 4096");
        }
    }

    /** {@return as many threads as the JVM sees processors, pieces of 256 tokens} */
    public static LoadOptions defaults() {
        return new LoadOptions(Runtime.getRuntime().availableProcessors(), 256);
    }

    /**
     * {@return these options with another number of threads}
     *
     * @param threads from 1 to 1024
     */
    public LoadOptions withThreads(int threads) {
        return new LoadOptions(threads, maxRows);
    }

    /**
     * {@return these options with other pieces}
     *
     * @param maxRows tokens, from 1 to 4096
     */
    public LoadOptions withMaxRows(int maxRows) {
        return new LoadOptions(threads, maxRows);
    }
}
