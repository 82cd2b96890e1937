package dev.sluice.sample;

import java.util.Map;

/**
 * How tokens are chosen; {@link Sampler} states the order in which the options apply.
 *
 * @param temperature divides the logits; finite, at least 0. At 0 the largest logit is taken, and top-k, top-p, min-p and
 *     the seed have no effect
 * @param topK keep this many of the largest logits; 0 keeps all
 * @param topP keep the fewest tokens, most probable first, whose probabilities reach this sum, at least one; from 0 to 1,
 *     where 1 keeps all
 * @param minP keep tokens at least this many times as probable as the most probable one; from 0 to 1, where 0 keeps all
 * @param penalties what lowers the logits of tokens that the sequence has already
 * @param logitBias what is added to the raw logits of these token ids, before penalties; finite, or negative infinity,
 *     which bans the token. Copied
 * @param seed start of the random sequence; every value is as good as any other
 */
public record SamplingOptions(
        float temperature,
        int topK,
        float topP,
        float minP,
        Penalties penalties,
        Map<Integer, Float> logitBias,
        long seed) {

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if an option is out of its range or NaN
     */
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
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((id, bias) -> {
            if (id < 0) {
                throw new IllegalArgumentException("logit bias: token id " + id + ": must be at least 0");
            }
            if (!(bias <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException("logit bias " + bias + " of token " + id
                        + ": must be finite, or negative infinity to ban the token");
            }
        });
    }

    /**
     * Options without penalties and biases.
     *
     * @param temperature as in the record
     * @param topK as in the record
     * @param topP as in the record
     * @param minP as in the record
     * @param seed as in the record
     * @throws IllegalArgumentException if an option is out of its range or NaN
     */
    public SamplingOptions(float temperature, int topK, float topP, float minP, long seed) {
        this(temperature, topK, topP, minP, Penalties.NONE, Map.of(), seed);
    }
}
