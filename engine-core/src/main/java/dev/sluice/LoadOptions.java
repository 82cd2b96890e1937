package dev.sluice;

import java.util.Objects;

/**
 * How a model is bound.
 *
 * @param threads threads that compute one step, the caller's among them
 * @param maxRows rows of one step: a longer prompt is read in pieces of this many tokens
 * @param repack whether weights are copied into the layout of the vector code
 * @param progress told how far the loading has come
 */
public record LoadOptions(int threads, int maxRows, Repack repack, LoadProgress progress) {
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
        Objects.requireNonNull(repack, "repack");
        Objects.requireNonNull(progress, "progress");
    }

    /**
     * Weights repacked where there is room, no reports of progress.
     *
     * @param threads from 1 to 1024
     * @param maxRows tokens, from 1 to 4096
     * @throws IllegalArgumentException if one is out of its range
     */
    public LoadOptions(int threads, int maxRows) {
        this(threads, maxRows, Repack.AUTO, (done, total) -> {});
    }

    /** {@return a thread for each physical core that the JVM may use, pieces of 256 tokens, weights repacked where there is room} */
    public static LoadOptions defaults() {
        return new LoadOptions(Processors.physicalCores(), 256);
    }

    /**
     * {@return these options with another number of threads}
     *
     * @param threads from 1 to 1024
     */
    public LoadOptions withThreads(int threads) {
        return new LoadOptions(threads, maxRows, repack, progress);
    }

    /**
     * {@return these options with other pieces}
     *
     * @param maxRows tokens, from 1 to 4096
     */
    public LoadOptions withMaxRows(int maxRows) {
        return new LoadOptions(threads, maxRows, repack, progress);
    }

    /**
     * {@return these options with another choice of copies}
     *
     * @param repack whether weights are copied into the layout of the vector code
     */
    public LoadOptions withRepack(Repack repack) {
        return new LoadOptions(threads, maxRows, repack, progress);
    }

    /**
     * {@return these options with reports of progress}
     *
     * @param progress told how far the loading has come
     */
    public LoadOptions withProgress(LoadProgress progress) {
        return new LoadOptions(threads, maxRows, repack, progress);
    }
}
