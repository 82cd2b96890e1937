package dev.sluice.app.inspect;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Keys of a file that may hold anything: a value of another type than asked for counts as missing. */
record Keys(GgufMetadata metadata) {
    static Keys of(Gguf file) {
        return new Keys(file.metadata());
    }

    Optional<String> text(String key) {
        return find(key, String.class);
    }

    Optional<Long> integer(String key) {
        return find(key, Long.class);
    }

    Optional<Double> number(String key) {
        return find(key, Number.class).map(Number::doubleValue);
    }

    Optional<List<?>> strings(String key) {
        return metadata.find(key).filter(List.class::isInstance).map(value -> (List<?>) value);
    }

    /** Integers of any width. */
    Optional<int[]> integers(String key) {
        return metadata.find(key).flatMap(value -> switch (value) {
            case int[] ints -> Optional.of(ints);
            case long[] longs ->
                Optional.of(Arrays.stream(longs).mapToInt(n -> (int) n).toArray());
            default -> Optional.empty();
        });
    }

    /** The value under {@code <architecture>.<key>}. */
    Optional<Long> ofArchitecture(String key) {
        return integer(name(key));
    }

    /** {@code <architecture>.<key>} */
    String name(String key) {
        return text("general.architecture").orElse("") + "." + key;
    }

    /** Elements of an array, or 0. */
    int length(String key) {
        return metadata.find(key).filter(Values::isArray).map(Values::length).orElse(0);
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        return metadata.find(key).filter(type::isInstance).map(type::cast);
    }
}
