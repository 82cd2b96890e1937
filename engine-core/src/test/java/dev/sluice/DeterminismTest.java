package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same tokens give the same bits, however long the program has run and however the tokens come. */
class DeterminismTest {
    private static final int TOKENS = 40;

    private static MemorySegment file(String architecture) {
        return MemorySegment.ofArray(SyntheticModel.of(architecture).writer().toBytes());
    }

    @Test
    void whileTheJvmCompiles() {
        MemorySegment file = file("qwen35");
        float[][] first = TestModels.logits(file, TOKENS, TensorType.F32);
        for (int i = 0; i < 30; i++) {
            assertThat(TestModels.logits(file, TOKENS, TensorType.F32)).isDeepEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void inPieces(String architecture) {
        MemorySegment file = file(architecture);
        float[][] whole = TestModels.logits(file, TOKENS, TensorType.F16);
        int[] ids = TestModels.tokens(TOKENS, whole[0].length);
        try (Model model = Model.load(file, LoadOptions.defaults().withThreads(2));
                Session session = model.newSession(SessionOptions.ofContext(TOKENS))) {
            int at = 0;
            for (int count : new int[] {1, 2, 5, 16, 1, 15}) {
                float[][] piece = TestModels.all(session, Arrays.copyOfRange(ids, at, at + count));
                assertThat(piece).isDeepEqualTo(Arrays.copyOfRange(whole, at, at + count));
                at += count;
            }
        }
    }
}
