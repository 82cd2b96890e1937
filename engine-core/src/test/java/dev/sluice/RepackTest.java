package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of weights change the speed and nothing else. */
class RepackTest {
    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "MXFP4"})
    void givesTheSameBits(TensorType type) {
        MemorySegment file = TestModels.synthetic("qwen35", type);
        float[] expected = null;
        for (Repack repack : Repack.values()) {
            LoadOptions options = LoadOptions.defaults().withThreads(2).withRepack(repack);
            try (Model model = Model.load(file, options);
                    Session session = model.newSession(SessionOptions.ofContext(16))) {
                session.forward(3, 1, 4, 1, 5);
                float[] logits = session.forward(9);
                assertThat(logits).isEqualTo(expected == null ? logits : expected);
                expected = logits;
                if (repack == Repack.OFF) {
                    assertThat(model.repackedBytes()).isZero();
                } else {
                    assertThat(model.repackedBytes()).isPositive();
                }
            }
        }
    }
}
