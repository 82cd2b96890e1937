package dev.sluice.cpu.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.gguf.TensorType;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table: each type is either supported or refused by name. */
class FormatsTest {

    private static final Set<TensorType> REFUSED = EnumSet.of(
            TensorType.Q8_1,
            TensorType.Q8_K,
            TensorType.IQ1_S,
            TensorType.IQ1_M,
            TensorType.IQ2_XXS,
            TensorType.IQ2_XS,
            TensorType.IQ2_S,
            TensorType.IQ3_XXS,
            TensorType.IQ3_S,
            TensorType.I8,
            TensorType.I16,
            TensorType.I32,
            TensorType.I64,
            TensorType.F64,
            TensorType.Q1_0,
            TensorType.Q2_0);

    private static final Set<TensorType> SUPPORTED = EnumSet.of(
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

    @Test
    void listsEachSupportedTypeOnce() {
        assertThat(Formats.all()).extracting(Format::type).containsExactlyInAnyOrderElementsOf(SUPPORTED);
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsSupportedOrRefusedByName(TensorType type) {
        assertThat(SUPPORTED.contains(type)).isNotEqualTo(REFUSED.contains(type));
        assertThat(Formats.supports(type)).isEqualTo(SUPPORTED.contains(type));
        if (SUPPORTED.contains(type)) {
            assertThat(Formats.of(type).type()).isEqualTo(type);
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Formats.of(type))
                    .withMessageContainingAll("type " + type + " ", "supported: F32, F16, BF16, Q4_0", "NVFP4");
        }
    }
}
