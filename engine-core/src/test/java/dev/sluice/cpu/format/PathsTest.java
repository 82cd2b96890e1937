package dev.sluice.cpu.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How each type is computed: written out, so that none can be scalar without a word. */
class PathsTest {

    private static final Set<TensorType> VECTOR = EnumSet.of(
            TensorType.F32,
            TensorType.F16,
            TensorType.BF16,
            TensorType.Q4_0,
            TensorType.Q4_1,
            TensorType.Q5_0,
            TensorType.Q5_1,
            TensorType.Q8_0,
            TensorType.Q2_K,
            TensorType.Q3_K,
            TensorType.Q4_K,
            TensorType.Q5_K,
            TensorType.Q6_K,
            TensorType.IQ4_NL,
            TensorType.IQ4_XS,
            TensorType.TQ1_0,
            TensorType.TQ2_0,
            TensorType.MXFP4,
            TensorType.NVFP4);

    @ParameterizedTest
    @EnumSource
    void everyTypeHasVectorCodeOrIsRefused(TensorType type) {
        if (VECTOR.contains(type)) {
            Format format = Formats.of(type);
            assertThat(format).isInstanceOf(LaneFormat.class);
        } else {
            assertThat(Formats.supports(type)).isFalse();
        }
    }
}
