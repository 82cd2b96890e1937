package dev.sluice;

import dev.sluice.sample.SamplingPreset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * What a request says about its generation. An empty value means: what the file says in {@code general.sampling.*}, and
 * else our default ({@link Model#defaultSampling()}). Sampling settings are checked when they are used; their ranges
 * stand in {@link dev.sluice.sample.SamplingOptions} and {@link dev.sluice.sample.Penalties}.
 *
 * @param maxTokens most tokens to generate; empty for as many as the context holds
 * @param temperature 0 takes the most likely token
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the most likely tokens that together reach this probability; 1 keeps all
 * @param minP drop tokens below this share of the most likely token's probability; 0 keeps all
 * @param repeatPenalty divides positive logits of tokens in the prompt and the reply, multiplies negative ones; 1 is
 *     none
 * @param presencePenalty subtracted from the logits of tokens that were generated; 0 is none
 * @param frequencyPenalty subtracted as often as a token was generated; 0 is none
 * @param penaltyLastN tokens back that the three penalties look; -1 for all, 0 for no penalties
 * @param logitBias added to the raw logits of these token ids; negative infinity bans a token
 * @param seed empty for a random one, which the result names
 * @param stop strings that end the generation and are not part of its text
 * @param ignoreEndOfGeneration go on after the model has ended its reply
 * @param cancellation stops the generation from outside
 */
public record GenerateOptions(
        OptionalInt maxTokens,
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalDouble minP,
        OptionalDouble repeatPenalty,
        OptionalDouble presencePenalty,
        OptionalDouble frequencyPenalty,
        OptionalInt penaltyLastN,
        Map<Integer, Float> logitBias,
        OptionalLong seed,
        List<String> stop,
        boolean ignoreEndOfGeneration,
        Cancellation cancellation) {

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if {@code maxTokens} is negative or a stop string empty
     */
    public GenerateOptions {
        if (maxTokens.isPresent() && maxTokens.getAsInt() < 0) {
            throw new IllegalArgumentException("maxTokens: " + maxTokens.getAsInt() + ", expected 0 or more");
        }
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("stop: an empty string would stop at once");
        }
        Objects.requireNonNull(cancellation, "cancellation");
    }

    /** {@return everything as the file and our defaults say} */
    public static GenerateOptions defaults() {
        return builder().build();
    }

    /** {@return a builder that has nothing set} */
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
        private OptionalDouble repeatPenalty = OptionalDouble.empty();
        private OptionalDouble presencePenalty = OptionalDouble.empty();
        private OptionalDouble frequencyPenalty = OptionalDouble.empty();
        private OptionalInt penaltyLastN = OptionalInt.empty();
        private final Map<Integer, Float> logitBias = new HashMap<>();
        private Optional<SamplingPreset> preset = Optional.empty();
        private OptionalLong seed = OptionalLong.empty();
        private List<String> stop = List.of();
        private boolean ignoreEndOfGeneration;
        private Cancellation cancellation = new Cancellation();

        private Builder() {}

        /**
         * Limits the reply.
         *
         * @param value tokens, 0 or more
         * @return this builder
         */
        public Builder maxTokens(int value) {
            maxTokens = OptionalInt.of(value);
            return this;
        }

        /**
         * Sets the temperature.
         *
         * @param value 0 or more; 0 takes the most likely token
         * @return this builder
         */
        public Builder temperature(double value) {
            temperature = OptionalDouble.of(value);
            return this;
        }

        /**
         * Keeps the most likely tokens.
         *
         * @param value how many; 0 keeps all
         * @return this builder
         */
        public Builder topK(int value) {
            topK = OptionalInt.of(value);
            return this;
        }

        /**
         * Keeps the most likely tokens that together reach a probability.
         *
         * @param value from 0 to 1; 1 keeps all
         * @return this builder
         */
        public Builder topP(double value) {
            topP = OptionalDouble.of(value);
            return this;
        }

        /**
         * Drops tokens that are much less likely than the best one.
         *
         * @param value share of the best one's probability, from 0 to 1; 0 keeps all
         * @return this builder
         */
        public Builder minP(double value) {
            minP = OptionalDouble.of(value);
            return this;
        }

        /**
         * Makes tokens of the prompt and the reply less likely.
         *
         * @param value above 0; 1 is none
         * @return this builder
         */
        public Builder repeatPenalty(double value) {
            repeatPenalty = OptionalDouble.of(value);
            return this;
        }

        /**
         * Makes tokens of the reply less likely.
         *
         * @param value from -2 to 2; 0 is none
         * @return this builder
         */
        public Builder presencePenalty(double value) {
            presencePenalty = OptionalDouble.of(value);
            return this;
        }

        /**
         * Makes tokens less likely the more often they are in the reply.
         *
         * @param value from -2 to 2; 0 is none
         * @return this builder
         */
        public Builder frequencyPenalty(double value) {
            frequencyPenalty = OptionalDouble.of(value);
            return this;
        }

        /**
         * Says how far the three penalties look back.
         *
         * @param value tokens; -1 for all, 0 for no penalties
         * @return this builder
         */
        public Builder penaltyLastN(int value) {
            penaltyLastN = OptionalInt.of(value);
            return this;
        }

        /**
         * Sets the bias of one token; called again, of another.
         *
         * @param token an id of the vocabulary
         * @param bias within the range of a float, or negative infinity, which bans the token
         * @return this builder
         * @throws IllegalArgumentException if the bias is finite, and beyond the range of a float
         */
        public Builder logitBias(int token, double bias) {
            if (Double.isFinite(bias) && Math.abs(bias) > Float.MAX_VALUE) {
                throw new IllegalArgumentException("logit bias " + bias + " of token " + token
                        + ": must be from -3.4e38 to 3.4e38, or negative infinity to ban the token");
            }
            logitBias.put(token, (float) bias);
            return this;
        }

        /**
         * Takes each setting from the preset that no other call sets, before or after this one, the seed and the logit
         * bias excepted. So nothing is left to the file's {@code general.sampling.*}.
         *
         * @param value the settings recommended for a model and a mode
         * @return this builder
         */
        public Builder preset(SamplingPreset value) {
            preset = Optional.of(value);
            return this;
        }

        /**
         * Makes the draws repeatable.
         *
         * @param value any
         * @return this builder
         */
        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        /**
         * Sets the strings that end the generation; they are no part of its text.
         *
         * @param values none of them empty; replaces those set before
         * @return this builder
         */
        public Builder stop(List<String> values) {
            stop = values;
            return this;
        }

        /**
         * Goes on, or not, after the model has ended its reply.
         *
         * @param value true to go on until a limit is reached
         * @return this builder
         */
        public Builder ignoreEndOfGeneration(boolean value) {
            ignoreEndOfGeneration = value;
            return this;
        }

        /**
         * Sets the switch that stops the generation from outside.
         *
         * @param value may be shared by several generations
         * @return this builder
         */
        public Builder cancellation(Cancellation value) {
            cancellation = value;
            return this;
        }

        /**
         * {@return the options}
         *
         * @throws IllegalArgumentException if {@code maxTokens} is negative or a stop string empty
         */
        public GenerateOptions build() {
            return new GenerateOptions(
                    maxTokens,
                    orPreset(temperature, SamplingPreset::temperature),
                    orPreset(topK, SamplingPreset::topK),
                    orPreset(topP, SamplingPreset::topP),
                    orPreset(minP, SamplingPreset::minP),
                    orPreset(
                            repeatPenalty,
                            recommended -> recommended.penalties().repeat()),
                    orPreset(
                            presencePenalty,
                            recommended -> recommended.penalties().presence()),
                    orPreset(
                            frequencyPenalty,
                            recommended -> recommended.penalties().frequency()),
                    orPreset(
                            penaltyLastN, recommended -> recommended.penalties().lastN()),
                    logitBias,
                    seed,
                    stop,
                    ignoreEndOfGeneration,
                    cancellation);
        }

        private OptionalDouble orPreset(OptionalDouble set, ToDoubleFunction<SamplingPreset> setting) {
            return set.isPresent() || preset.isEmpty() ? set : OptionalDouble.of(setting.applyAsDouble(preset.get()));
        }

        private OptionalInt orPreset(OptionalInt set, ToIntFunction<SamplingPreset> setting) {
            return set.isPresent() || preset.isEmpty() ? set : OptionalInt.of(setting.applyAsInt(preset.get()));
        }
    }
}
