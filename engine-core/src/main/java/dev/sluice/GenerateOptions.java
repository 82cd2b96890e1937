package dev.sluice;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a request says about its generation. An empty value means: what the file says in {@code general.sampling.*}, and
 * else our default ({@link Model#defaultSampling()}).
 *
 * @param maxTokens most tokens to generate; empty for as many as the context holds
 * @param temperature 0 takes the most likely token
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the most likely tokens that together reach this probability; 1 keeps all
 * @param minP drop tokens below this share of the most likely token's probability; 0 keeps all
 * @param seed empty for a random one, which the result names
 * @param stop strings that end the generation and are not part of its text
 * @param ignoreEndOfGeneration go on after the model has ended its reply
 */
public record GenerateOptions(
        OptionalInt maxTokens,
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalDouble minP,
        OptionalLong seed,
        List<String> stop,
        boolean ignoreEndOfGeneration,
        Cancellation cancellation) {

    public GenerateOptions {
        if (maxTokens.isPresent() && maxTokens.getAsInt() < 0) {
            throw new IllegalArgumentException("maxTokens: " + maxTokens.getAsInt() + ", expected 0 or more");
        }
        stop = List.copyOf(stop);
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("stop: an empty string would stop at once");
        }
        Objects.requireNonNull(cancellation, "cancellation");
    }

    /** Everything as the file and our defaults say. */
    public static GenerateOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; what is not set stays empty. */
    public static final class Builder {
        private OptionalInt maxTokens = OptionalInt.empty();
        private OptionalDouble temperature = OptionalDouble.empty();
        private OptionalInt topK = OptionalInt.empty();
        private OptionalDouble topP = OptionalDouble.empty();
        private OptionalDouble minP = OptionalDouble.empty();
        private OptionalLong seed = OptionalLong.empty();
        private List<String> stop = List.of();
        private boolean ignoreEndOfGeneration;
        private Cancellation cancellation = new Cancellation();

        private Builder() {}

        public Builder maxTokens(int value) {
            maxTokens = OptionalInt.of(value);
            return this;
        }

        public Builder temperature(double value) {
            temperature = OptionalDouble.of(value);
            return this;
        }

        public Builder topK(int value) {
            topK = OptionalInt.of(value);
            return this;
        }

        public Builder topP(double value) {
            topP = OptionalDouble.of(value);
            return this;
        }

        public Builder minP(double value) {
            minP = OptionalDouble.of(value);
            return this;
        }

        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        public Builder stop(List<String> values) {
            stop = values;
            return this;
        }

        public Builder ignoreEndOfGeneration(boolean value) {
            ignoreEndOfGeneration = value;
            return this;
        }

        public Builder cancellation(Cancellation value) {
            cancellation = value;
            return this;
        }

        public GenerateOptions build() {
            return new GenerateOptions(
                    maxTokens, temperature, topK, topP, minP, seed, stop, ignoreEndOfGeneration, cancellation);
        }
    }
}
