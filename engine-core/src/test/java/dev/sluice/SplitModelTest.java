package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Split files as llama.cpp's own writer lays them out, written by scripts/golden/split.py. */
class SplitModelTest {
    private static final int TOKENS = 10;

    /** The model that the files were made from; the script says the same. */
    private static SyntheticModel whole() {
        return SyntheticModel.of("qwen35")
                .options("--type", "F16", "--seed", "20")
                .set("n_embd", 32)
                .set("n_head", 1)
                .set("n_kv", 1)
                .set("lk", 1)
                .set("lv", 2)
                .set("ff", 32)
                .set("vocab", 64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"three", "first-empty"})
    void sameLogits(String prefix) throws IOException, URISyntaxException {
        float[][] expected =
                TestModels.logits(MemorySegment.ofArray(whole().writer().toBytes()), TOKENS, TensorType.F16);
        Path first = Path.of(SplitModelTest.class
                .getResource("split/" + prefix + "-00001-of-00003.gguf")
                .toURI());
        try (Model model = Model.load(first, LoadOptions.defaults().withThreads(2));
                Session session = model.newSession(SessionOptions.ofContext(TOKENS))) {
            int[] ids = TestModels.tokens(TOKENS, model.vocabularySize());
            assertThat(TestModels.all(session, ids)).isDeepEqualTo(expected);
            assertThat(model.file().tensors()).hasSameSizeAs(whole().tensors().keySet());
        }
    }

    @Test
    void theFirstPartMayHoldNoTensors() throws IOException, URISyntaxException {
        Path first = Path.of(SplitModelTest.class
                .getResource("split/first-empty-00001-of-00003.gguf")
                .toURI());
        assertThat(first.toFile().length()).isLessThan(2000);
    }
}
