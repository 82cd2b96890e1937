package dev.sluice.app.inspect;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rotary positions as the keys {@code <architecture>.rope.*} have them.
 *
 * @param dimensions values of a head that turn
 * @param base {@code freq_base}
 * @param scaling {@code scaling.type}
 * @param factor {@code scaling.factor}, or {@code scale_linear}
 */
public record RopeSummary(
        Optional<Long> dimensions,
        Optional<Double> base,
        List<Integer> sections,
        Optional<String> scaling,
        Optional<Double> factor,
        Optional<Long> originalContextLength) {

    /** Empty where the file has no such keys. */
    static Optional<RopeSummary> of(Keys keys) {
        String prefix = keys.name("rope.");
        if (keys.metadata().keys().stream().noneMatch(key -> key.startsWith(prefix))) {
            return Optional.empty();
        }
        return Optional.of(new RopeSummary(
                keys.integer(prefix + "dimension_count"),
                keys.number(prefix + "freq_base"),
                keys.integers(prefix + "dimension_sections")
                        .map(sections -> IntStream.of(sections).boxed().toList())
                        .orElse(List.of()),
                keys.text(prefix + "scaling.type"),
                keys.number(prefix + "scaling.factor").or(() -> keys.number(prefix + "scale_linear")),
                keys.integer(prefix + "scaling.original_context_length")));
    }
}
