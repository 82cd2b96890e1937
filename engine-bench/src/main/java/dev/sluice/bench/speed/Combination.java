package dev.sluice.bench.speed;

import java.util.OptionalInt;

/**
 * One cell of the matrix.
 *
 * @param prompt tokens of the prefill, 0 for none
 * @param generated tokens decoded one by one, 0 for none
 * @param depth tokens that the session holds before either; without it the prompt is read into an empty session, and decoding
 *     starts after it
 */
public record Combination(int prompt, int generated, OptionalInt depth) {
    public Combination {
        if (prompt < 0 || generated < 0 || depth.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "negative number of tokens: " + prompt + ", " + generated + ", " + depth.orElse(0));
        }
        if (prompt + generated == 0) {
            throw new IllegalArgumentException("nothing to measure: a prompt of 0 tokens and 0 generated");
        }
    }

    public int prefillDepth() {
        return depth.orElse(0);
    }

    public int decodeDepth() {
        return depth.orElse(prompt);
    }

    /** Tokens that a session of it holds at most; no model has as many as an int cannot count. */
    int context() {
        return Math.clamp((long) prompt + generated + depth.orElse(0), 0, Integer.MAX_VALUE);
    }

    @Override
    public String toString() {
        return "p " + prompt + ", n " + generated + ", d "
                + (depth.isPresent() ? Integer.toString(depth.getAsInt()) : "after the prompt");
    }
}
