package dev.sluice;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.sample.Penalties;
import dev.sluice.sample.SamplingOptions;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Reads the {@code general.sampling.*} keys: the settings of requests that do not say them. A key is looked at, and found
 * bad, only where the request leaves its setting open.
 */
final class SamplingKeys {
    private static final String PREFIX = "general.sampling.";
    private static final Set<String> HONOURED =
            Set.of("temp", "top_k", "top_p", "min_p", "penalty_repeat", "penalty_last_n");

    private final Gguf file;

    SamplingKeys(Gguf file) {
        this.file = file;
    }

    /**
     * Settings in force: the request's, else the file's, else ours.
     *
     * @throws GgufException if a value of the file has the wrong type or is out of its range
     * @throws IllegalArgumentException if a value of the request is out of its range
     */
    SamplingOptions resolve(GenerateOptions request) {
        return new SamplingOptions(
                number(request.temperature(), "temp", 0.7f, value -> new SamplingOptions(value, 0, 1, 0, 0)),
                integer(request.topK(), "top_k", 20, value -> new SamplingOptions(1, value, 1, 0, 0)),
                number(request.topP(), "top_p", 0.8f, value -> new SamplingOptions(1, 0, value, 0, 0)),
                number(request.minP(), "min_p", 0, value -> new SamplingOptions(1, 0, 1, value, 0)),
                new Penalties(
                        number(
                                request.repeatPenalty(),
                                "penalty_repeat",
                                Penalties.NONE.repeat(),
                                value -> new Penalties(value, 0, 0, -1)),
                        (float) request.presencePenalty().orElse(Penalties.NONE.presence()),
                        (float) request.frequencyPenalty().orElse(Penalties.NONE.frequency()),
                        integer(
                                request.penaltyLastN(),
                                "penalty_last_n",
                                Penalties.NONE.lastN(),
                                value -> new Penalties(1, 0, 0, value))),
                request.logitBias(),
                request.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private float number(OptionalDouble asked, String key, float ours, Function<Float, ?> check) {
        OptionalDouble value = asked.isPresent() ? asked : file.metadata().findFloat(PREFIX + key);
        if (asked.isEmpty() && value.isPresent()) {
            check(key, (float) value.getAsDouble(), check);
        }
        return (float) value.orElse(ours);
    }

    private int integer(OptionalInt asked, String key, int ours, Function<Integer, ?> check) {
        OptionalInt value = asked.isPresent() ? asked : file.metadata().findInt(PREFIX + key);
        if (asked.isEmpty() && value.isPresent()) {
            check(key, value.getAsInt(), check);
        }
        return value.orElse(ours);
    }

    /** The range of a setting is known to the record that holds it. */
    private <T> void check(String key, T value, Function<T, ?> check) {
        try {
            check.apply(value);
        } catch (IllegalArgumentException e) {
            throw new GgufException(file.name() + ": key " + PREFIX + key + ": " + e.getMessage());
        }
    }

    /** The keys that ask for something this engine does not do, in alphabetical order. */
    List<String> unsupported() {
        return file.metadata().keys().stream()
                .filter(key -> key.startsWith(PREFIX) && asksForMore(key.substring(PREFIX.length())))
                .sorted()
                .toList();
    }

    private boolean asksForMore(String key) {
        if (key.startsWith("xtc_")) {
            return !isOff("xtc_probability");
        }
        if (key.startsWith("mirostat")) {
            return !isOff("mirostat");
        }
        return !HONOURED.contains(key);
    }

    /** Whether a sampler's main key is missing or 0, in which case its others have no effect. */
    private boolean isOff(String key) {
        return file.metadata()
                .find(PREFIX + key)
                .map(value -> value instanceof Number number && number.doubleValue() == 0)
                .orElse(true);
    }
}
