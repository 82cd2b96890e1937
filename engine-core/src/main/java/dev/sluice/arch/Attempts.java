package dev.sluice.arch;

import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.UnsupportedModelException;
import java.util.function.Supplier;

/** Does several things of which each may fail, so that what is wrong with each is found. */
final class Attempts {
    private final Problems problems;
    private RuntimeException first;

    Attempts(Problems problems) {
        this.problems = problems;
    }

    /** The result; null after a failure that {@link Problems} let pass. */
    <T> T of(Supplier<T> attempt) {
        try {
            return attempt.get();
        } catch (GgufException | UnsupportedModelException e) {
            problems.found("", e);
            first = first == null ? e : first;
            return null;
        }
    }

    /** Throws the first failure, if there was one: only the results of all attempts together are of use. */
    void end() {
        if (first != null) {
            throw first;
        }
    }
}
