package dev.sluice.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages quote what stands in files, which may be anything. */
class GgufExceptionTest {
    private static List<String> messages(String message) {
        return List.of(new GgufException(message).getMessage(), new UnsupportedModelException(message).getMessage());
    }

    @Test
    void oneLineWithoutControlCharacters() {
        assertThat(messages("a\nb\r\0\u001B[2J\u0085\u009B\u2028\u2029c"))
                .containsOnly("a\uFFFDb\uFFFD\uFFFD\uFFFD[2J\uFFFD\uFFFD\uFFFD\uFFFDc");
        assertThat(messages("\u4E2D \uD83D\uDE00 \u00E4")).containsOnly("\u4E2D \uD83D\uDE00 \u00E4");
    }

    @Test
    void longMessagesKeepBothEnds() {
        String message = "file.gguf: architecture '" + "x".repeat(100_000) + "' is not supported; supported are these";
        assertThat(messages(message)).allSatisfy(shown -> assertThat(shown)
                .hasSize(1005)
                .startsWith("file.gguf: architecture 'xxx")
                .contains("x ... x")
                .endsWith("xxx' is not supported; supported are these"));
        String fits = "y".repeat(1000);
        assertThat(messages(fits)).containsOnly(fits);
    }
}
