package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table of formats that can be computed, each with vector code. Any of them may stand in any weight of two or three
 * dimensions.
 */
public final class Formats {

    private static final List<LaneFormat> ALL = List.of(
            new F32(),
            new F16(),
            new BF16(),
            new Q4_0(),
            new Q4_1(),
            new Q5_0(),
            new Q5_1(),
            new Q8_0(),
            new Q2_K(),
            new Q3_K(),
            new Q4_K(),
            new Q5_K(),
            new Q6_K(),
            new IQ4_NL(),
            new IQ4_XS(),
            new TQ1_0(),
            new TQ2_0(),
            new MXFP4(),
            new NVFP4());

    private Formats() {}

    /** {@return every format, in the order of the table} */
    public static List<LaneFormat> all() {
        return ALL;
    }

    /**
     * {@return whether weights of this type can be computed}
     *
     * @param type any
     */
    public static boolean supports(TensorType type) {
        return ALL.stream().anyMatch(format -> format.type() == type);
    }

    /**
     * {@return the format of a type}
     *
     * @param type any
     * @throws IllegalArgumentException if weights of this type cannot be computed; names the type and those that can
     */
    public static LaneFormat of(TensorType type) {
        return ALL.stream()
                .filter(format -> format.type() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("weights of type " + type
                        + " cannot be computed; supported: "
                        + ALL.stream().map(format -> format.type().name()).collect(Collectors.joining(", "))));
    }
}
