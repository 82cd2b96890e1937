package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Ids as llama.cpp gives them; scripts/golden/tokenizer.py wrote them. */
class GoldenIdsTest {
    private final JsonNode cases = Fixtures.resource("ids.json");

    @Test
    void idsOfQwen35() {
        check(Fixtures.tiny("qwen35"), false);
    }

    @Test
    void idsOfQwen2() {
        check(Fixtures.tiny("qwen2"), true);
    }

    private void check(Tokenizer tokenizer, boolean qwen2) {
        assertThat(cases).hasSizeGreaterThan(500);
        int different = 0;
        for (JsonNode entry : cases) {
            String text = entry.get(0).asText();
            EncodeOptions options = new EncodeOptions(entry.get(1).asBoolean(), false);
            different += entry.size() - 3;
            int[] expected = Fixtures.ints(entry.get(qwen2 ? entry.size() - 1 : 2));
            assertThat(tokenizer.encode(text, options))
                    .as("%s, %s", options, text)
                    .isEqualTo(expected);
        }
        assertThat(different).as("texts on which the rules differ").isGreaterThan(5);
    }
}
