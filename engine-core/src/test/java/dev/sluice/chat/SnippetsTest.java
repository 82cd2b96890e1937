package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Small templates, one question of semantics each: the text is that of Python's Jinja, or both refuse. */
class SnippetsTest {
    @TestFactory
    Stream<DynamicTest> asInPython() {
        JsonNode golden = Goldens.read("snippets.json");
        Map<String, Object> variables = Goldens.variables(golden.get("variables"));
        return StreamSupport.stream(golden.get("snippets").spliterator(), false)
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.get("template").asText(),
                        () -> check(snippet.get("template").asText(), snippet.get("output"), variables)));
    }

    private static void check(String template, JsonNode output, Map<String, Object> variables) {
        if (output.isNull()) {
            assertThatThrownBy(() -> ChatTemplate.parse(template).render(variables))
                    .isInstanceOf(TemplateException.class);
        } else {
            assertThat(ChatTemplate.parse(template).render(variables)).isEqualTo(output.asText());
        }
    }
}
