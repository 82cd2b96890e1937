package dev.sluice;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.UnsupportedModelException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link FileFuzz} found. */
class DamagedFilesTest {
    private static final int VOCABULARY = 320;

    private static GgufWriter writer() {
        return SyntheticModel.of("qwen35").writer();
    }

    private static Model load(GgufWriter writer) {
        return Model.load(MemorySegment.ofArray(writer.toBytes()));
    }

    /** A tokenizer of so many tokens, all of one type. */
    private static GgufWriter withTokens(int count, int type) {
        int[] types = new int[count];
        Arrays.fill(types, type);
        return writer().putString("tokenizer.ggml.model", "gpt2")
                .putString("tokenizer.ggml.pre", "qwen35")
                .putStrings("tokenizer.ggml.tokens", List.of("a".repeat(count).split("")))
                .putInts("tokenizer.ggml.token_type", types)
                .putStrings("tokenizer.ggml.merges", List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "general.architecture",
                "tokenizer.ggml.model",
                "tokenizer.ggml.pre",
                "qwen35.rope.scaling.type",
            })
    void textsInMessagesAreOneShortLine(String key) {
        String text = "two\nlines\u009B".repeat(10_000);
        assertThatThrownBy(() -> load(withTokens(VOCABULARY, 1).putString(key, text)))
                .isInstanceOfAny(GgufException.class, UnsupportedModelException.class)
                .hasMessageContainingAll("two\uFFFDlines\uFFFD", "supported")
                .message()
                .hasSizeLessThan(1100)
                .doesNotContain("\n", "\u009B");
    }

    @Test
    void aMergeWithControlCharacters() {
        assertThatThrownBy(
                        () -> load(withTokens(VOCABULARY, 1).putStrings("tokenizer.ggml.merges", List.of("a\u0085b"))))
                .isExactlyInstanceOf(GgufException.class)
                .hasMessageContaining("tokenizer.ggml.merges[0] is 'a\uFFFDb'");
    }

    @Test
    void noTokenThatCanBeGenerated() {
        assertThatThrownBy(() -> load(withTokens(VOCABULARY - 9, 5)))
                .isExactlyInstanceOf(GgufException.class)
                .hasMessageContainingAll("tokenizer.ggml.token_type", "5 (unused)");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void weightsThatGiveNoLogits(float weight) {
        GgufRewrite file = new GgufRewrite(writer());
        float[] norm = new float[128];
        Arrays.fill(norm, weight);
        file.putFloats("output_norm.weight", new long[] {128}, norm);
        try (Model model = load(file.writer());
                Session session = model.newSession(SessionOptions.ofContext(4))) {
            for (double temperature : new double[] {0, 1}) {
                session.reset();
                GenerateOptions options =
                        GenerateOptions.builder().temperature(temperature).build();
                assertThatThrownBy(() -> session.generate(Prompt.tokens(List.of(1)), options))
                        .isExactlyInstanceOf(GgufException.class)
                        .hasMessageContainingAll("the logit of id 0 is NaN", "weights are damaged");
            }
        }
    }
}
