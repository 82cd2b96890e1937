package dev.sluice;

import java.util.Objects;

/**
 * How a model is bound.
 *
 * @param threads threads that compute one step, the caller's among them
 * @param maxRows rows of one step: a longer prompt is read in pieces of this many tokens
 * @param progress told how far the loading has come
 */
public record LoadOptions(int threads, int maxRows, LoadProgress progress) {
    public LoadOptions {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads: " + threads + ", expected 1 to 1024");
        }
        if (maxRows < 1 || maxRows > 4096) {
            throw new IllegalArgumentException("maxRows: " + maxRows + ", expected 1 to 4096");
        }
        Objects.requireNonNull(progress, "progress");
    }

    /** Without reports of progress. */
    public LoadOptions(int threads, int maxRows) {
        this(threads, maxRows, (done, total) -> {});
    }

    /** As many threads as the JVM sees processors, pieces of 256 tokens. */
    public static LoadOptions defaults() {
        return new LoadOptions(Runtime.getRuntime().availableProcessors(), 256);
    }

    public LoadOptions withThreads(int threads) {
        return new LoadOptions(threads, maxRows, progress);
    }

    public LoadOptions withMaxRows(int maxRows) {
        return new LoadOptions(threads, maxRows, progress);
    }

    public LoadOptions withProgress(LoadProgress progress) {
        return new LoadOptions(threads, maxRows, progress);
    }
}
