package dev.sluice.arch;

import dev.sluice.op.Rope;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What the {@code rope.*} keys say; their defaults are llama.cpp's. */
final class RopeKeys {
    private static final String SCALING = "rope.scaling.";
    private static final String TYPE = SCALING + "type";
    private static final String SECTIONS = "rope.dimension_sections";
    private static final Set<String> KNOWN = Set.of(
            "type",
            "factor",
            "original_context_length",
            "finetuned",
            "attn_factor",
            "yarn_beta_fast",
            "yarn_beta_slow",
            "yarn_ext_factor",
            "yarn_attn_factor");

    static final List<String> TYPES = List.of("none", "linear", "yarn");

    private RopeKeys() {}

    /**
     * The rotation of every attention layer.
     *
     * @param headLength values in a head, the default of {@code rope.dimension_count}
     * @param contextLength the default of {@code rope.scaling.original_context_length}
     */
    static Rope read(Keys keys, int headLength, int contextLength) {
        int dimensions = keys.integer("rope.dimension_count", 2, headLength, headLength);
        if (dimensions % 2 != 0) {
            throw keys.bad("rope.dimension_count", dimensions, "an even number");
        }
        checkSections(keys, dimensions / 2);
        keys.refuseOthers(SCALING, KNOWN);
        double base = keys.positive("rope.freq_base", 10000);
        double factor = keys.positive(SCALING + "factor", keys.positive("rope.scale_linear", 1));
        String type = keys.string(TYPE).orElse("linear");
        Rope rope =
                switch (type) {
                    case "none" -> Rope.of(dimensions, base);
                    case "linear" -> Rope.linear(dimensions, base, factor);
                    case "yarn" -> yarn(keys, dimensions, base, factor, contextLength);
                    default -> throw keys.unsupported(TYPE, "'" + type + "'", String.join(", ", TYPES));
                };
        // How much of YaRN is applied, and its magnitude: no other values than those that follow from the type.
        requireDefault(keys, "yarn_ext_factor", type.equals("yarn") ? 1 : 0);
        requireDefault(keys, "yarn_attn_factor", rope.magnitude());
        return rope.magnified(keys.positive(SCALING + "attn_factor", 1));
    }

    private static Rope yarn(Keys keys, int dimensions, double base, double factor, int contextLength) {
        if (base <= 1) {
            throw keys.bad("rope.freq_base", base, "a number above 1, as YaRN takes its logarithm");
        }
        return Rope.yarn(
                dimensions,
                base,
                factor,
                keys.integer(SCALING + "original_context_length", 1, Integer.MAX_VALUE, contextLength),
                keys.positive(SCALING + "yarn_beta_fast", 32),
                keys.positive(SCALING + "yarn_beta_slow", 1));
    }

    private static void requireDefault(Keys keys, String key, double value) {
        double actual = keys.notNegative(SCALING + key, value);
        if (Math.abs(actual - value) > 1e-3) {
            throw keys.unsupported(SCALING + key, actual, value + " with this " + TYPE);
        }
    }

    /**
     * Sections give each rotated pair one of the positions (time, height, width), in turn. For text these are equal, so
     * that only a pair which is given none of them would matter: llama.cpp does not turn it.
     */
    private static void checkSections(Keys keys, int pairs) {
        int[] sections = keys.integers(SECTIONS).orElse(null);
        if (sections == null || !keys.bool("rope.mrope_interleaved", true)) {
            return;
        }
        long sum = Arrays.stream(sections).asLongStream().sum();
        if (sections.length < 3
                || sections.length > 4
                || sum < 1
                || Arrays.stream(sections).anyMatch(n -> n < 0)) {
            throw keys.bad(SECTIONS, Arrays.toString(sections), "3 or 4 numbers of pairs");
        }
        for (int i = 0; i < pairs; i++) {
            int sector = (int) (i % sum);
            if (sector >= 3L * sections[sector % 3]) {
                throw keys.unsupported(SECTIONS, Arrays.toString(sections), "sections that give every pair a position");
            }
        }
    }
}
