package dev.sluice.sample;

/**
 * How tokens are chosen; {@link Sampler} states the order in which the options apply.
 *
 * @param temperature divides the logits; finite, at least 0. At 0 the largest logit is taken, and the other options have
 *     no effect
 * @param topK keep this many of the largest logits; 0 keeps all
 * @param topP keep the fewest tokens, most probable first, whose probabilities reach this sum, at least one; from 0 to 1,
 *     where 1 keeps all
 * @param minP keep tokens at least this many times as probable as the most probable one; from 0 to 1, where 0 keeps all
 * @param seed start of the random sequence; every value is as good as any other
 */
public record SamplingOptions(float temperature, int topK, float topP, float minP, long seed) {

    /** @throws IllegalArgumentException if an option is out of its range or NaN */
    public SamplingOptions {
        // Written so that NaN fails each of them.
        if (!(temperature >= 0 && temperature <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature " + temperature + ": must be finite and at least 0");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k " + topK + ": must be at least 0, where 0 keeps all");
        }
        if (!(topP >= 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p " + topP + ": must be from 0 to 1, where 1 keeps all");
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException("min-p " + minP + ": must be from 0 to 1, where 0 keeps all");
        }
    }
}
