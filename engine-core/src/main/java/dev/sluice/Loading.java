package dev.sluice;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.Tensor;

/** Adds up the weights of a file as they become ready, and tells the caller's {@link LoadProgress}. */
final class Loading {
    private final LoadProgress progress;
    private final long total;
    private long done;

    Loading(Gguf file, LoadProgress progress) {
        this.progress = progress;
        this.total = file.tensors().stream().mapToLong(Tensor::bytes).sum();
        progress.report(0, total);
    }

    /** More weights are ready. A tensor that is used twice counts twice, so the sum stops at the total. */
    void ready(long bytes) {
        done = Math.min(total, done + bytes);
        progress.report(done, total);
    }

    /** The model is loaded; tensors that nobody asked for count as ready. */
    void end() {
        progress.report(total, total);
    }
}
