package dev.sluice.arch;

/** Told what keeps a file from being bound. */
@FunctionalInterface
public interface Problems {
    /** Ends the binding with the first. */
    Problems THROWN = (tensor, problem) -> {
        throw problem;
    };

    /**
     * Called for each. When this returns, binding goes on to find the next, and what it makes is of no use.
     *
     * @param tensor name of the tensor that is missing or wrong; empty where it is not one
     * @param problem a {@link dev.sluice.gguf.GgufException} or {@link dev.sluice.gguf.UnsupportedModelException}
     */
    void found(String tensor, RuntimeException problem);
}
