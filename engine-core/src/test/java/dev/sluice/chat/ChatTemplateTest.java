package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Prompts equal to those of Python's Jinja, from variables and from messages. */
class ChatTemplateTest {
    private static Map<String, Map<String, Object>> conversations() {
        Map<String, Map<String, Object>> conversations = new HashMap<>();
        for (JsonNode node : Goldens.read("conversations.json")) {
            Map<String, Object> variables = Goldens.variables(node.get("variables"));
            variables.putIfAbsent("tools", null);
            conversations.put(node.get("name").asText(), variables);
        }
        return conversations;
    }

    @TestFactory
    Stream<DynamicTest> promptsOfPython() {
        Map<String, Map<String, Object>> conversations = conversations();
        return StreamSupport.stream(Goldens.read("prompts.json").spliterator(), false)
                .map(golden -> DynamicTest.dynamicTest(
                        golden.get("template").asText() + ": "
                                + golden.get("name").asText(),
                        () -> check(golden, conversations.get(golden.get("name").asText()))));
    }

    private static void check(JsonNode golden, Map<String, Object> variables) {
        ChatTemplate template = template(golden.get("template").asText());
        if (golden.get("prompt").isNull()) {
            String refusal = golden.has("refusal") ? golden.get("refusal").asText() + " (chat template, line " : "";
            assertThatThrownBy(() -> template.render(variables))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageStartingWith(refusal);
            return;
        }
        String expected = golden.get("prompt").asText();
        assertThat(template.render(variables)).isEqualTo(expected);
        Optional<List<Message>> messages = messages(variables);
        if (messages.isEmpty()) {
            return;
        }
        RenderOptions options = options(variables);
        Set<String> given = new HashSet<>(variables.keySet());
        given.removeAll(Set.of("messages", "tools", "add_generation_prompt"));
        if (template.variables().containsAll(given)) {
            assertThat(template.render(messages.get(), options)).isEqualTo(expected);
        } else {
            assertThatThrownBy(() -> template.render(messages.get(), options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the chat template does not read ");
        }
    }

    @Test
    void atLeastFortyConversationsEach() {
        Map<String, Integer> counts = new HashMap<>();
        Goldens.read("prompts.json")
                .forEach(golden -> counts.merge(golden.get("template").asText(), 1, Integer::sum));
        assertThat(counts).hasSize(9);
        assertThat(counts.values()).allMatch(count -> count >= 40);
    }

    private static ChatTemplate template(String name) {
        return ChatTemplate.parse(Goldens.text("templates/" + name));
    }

    /** The conversation as messages; empty where it is none that the API can express. */
    private static Optional<List<Message>> messages(Map<String, Object> variables) {
        List<Map<String, Object>> given = cast(variables.get("messages"));
        return given.stream().allMatch(ChatTemplateTest::isMessage)
                ? Optional.of(given.stream().map(ChatTemplateTest::message).toList())
                : Optional.empty();
    }

    private static boolean isMessage(Map<String, Object> given) {
        Object calls = given.getOrDefault("tool_calls", List.of());
        Set<String> rest = new HashSet<>(given.keySet());
        rest.removeAll(Set.of("role", "content", "reasoning_content", "tool_calls", "tool_call_id"));
        return rest.isEmpty()
                && given.get("content") instanceof String
                && given.getOrDefault("reasoning_content", "") instanceof String
                && !Set.of("critic", "developer").contains(given.get("role"))
                && ChatTemplateTest.<List<Map<String, Object>>>cast(calls).stream()
                        .allMatch(ChatTemplateTest::isCall);
    }

    private static boolean isCall(Map<String, Object> given) {
        return given.containsKey("id")
                && ChatTemplateTest.<Map<String, Object>>cast(given.get("function"))
                                .get("arguments")
                        instanceof Map;
    }

    private static Message message(Map<String, Object> given) {
        List<Map<String, Object>> calls = cast(given.getOrDefault("tool_calls", List.of()));
        return new Message(
                Role.valueOf(((String) given.get("role")).toUpperCase(Locale.ROOT)),
                (String) given.get("content"),
                Optional.ofNullable((String) given.get("reasoning_content")),
                calls.stream().map(ChatTemplateTest::call).toList(),
                Optional.ofNullable((String) given.get("tool_call_id")));
    }

    private static ToolCall call(Map<String, Object> given) {
        Map<String, Object> function = cast(given.get("function"));
        return new ToolCall((String) given.get("id"), (String) function.get("name"), cast(function.get("arguments")));
    }

    private static RenderOptions options(Map<String, Object> variables) {
        RenderOptions options =
                RenderOptions.defaults().withAddGenerationPrompt((Boolean) variables.get("add_generation_prompt"));
        if (variables.get("tools") != null) {
            options = options.withTools(cast(variables.get("tools")));
        }
        if (variables.get("enable_thinking") != null) {
            options = options.withThinking((Boolean) variables.get("enable_thinking"));
        }
        Map<String, Object> others = new HashMap<>(variables);
        List.of("messages", "tools", "add_generation_prompt", "enable_thinking").forEach(others::remove);
        return options.withVariables(others);
    }

    @SuppressWarnings("unchecked") // the shape of the golden files is known
    private static <T> T cast(Object value) {
        return (T) value;
    }

    @Test
    void extraVariablesWin() {
        ChatTemplate template = ChatTemplate.parse("{{ preserve_thinking }} {{ tools }} {{ add_generation_prompt }}");
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("preserve_thinking", true);
        variables.put("add_generation_prompt", null);
        assertThat(template.render(List.of(), RenderOptions.defaults().withVariables(variables)))
                .isEqualTo("True None None");
    }

    @Test
    void thinkingIsUndefinedUnlessSet() {
        ChatTemplate template = ChatTemplate.parse("{{ enable_thinking is defined }} {{ enable_thinking }}");
        assertThat(template.render(List.of(), RenderOptions.defaults())).isEqualTo("False ");
        assertThat(template.render(List.of(), RenderOptions.defaults().withThinking(false)))
                .isEqualTo("True False");
        assertThat(template.supportsThinking()).isTrue();
        assertThat(ChatTemplate.parse("x").supportsThinking()).isFalse();
    }

    @Test
    void errorsSayWhatAndWhere() {
        assertThatThrownBy(() -> ChatTemplate.parse("a\n  {{ 1 + }}"))
                .isInstanceOfSatisfying(TemplateException.class, e -> {
                    assertThat(e).hasMessage("expected an expression, found '}}' (chat template, line 2, column 10)");
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.column()).isEqualTo(10);
                });
        ChatTemplate refusing =
                ChatTemplate.parse("{% if messages %}\n{{ raise_exception('Not ' ~ 'so.') }}{% endif %}");
        assertThat(refusing.render(List.of(), RenderOptions.defaults())).isEmpty();
        assertThatThrownBy(() -> refusing.render(List.of(Message.user("x")), RenderOptions.defaults()))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("Not so. (chat template, line 2, column ");
        assertThatThrownBy(() -> ChatTemplate.parse("{{ x | rot13 }}").render(Map.of("x", "a")))
                .hasMessageStartingWith("the filter 'rot13' is not supported");
        assertThatThrownBy(() -> ChatTemplate.parse("{{ x is prime }}").render(Map.of("x", "a")))
                .hasMessageStartingWith("the test 'prime' is not supported");
        assertThatThrownBy(() -> ChatTemplate.parse("{{ x.encode() }}").render(Map.of("x", "a")))
                .hasMessageStartingWith("'encode' of a string is undefined");
        assertThatThrownBy(() -> ChatTemplate.parse("{% include 'x' %}"))
                .hasMessageStartingWith("the statement 'include' is not supported");
        assertThatThrownBy(() -> ChatTemplate.parse("{{ x }}").render(Map.of("x", new Object())))
                .hasMessageStartingWith("a variable of class java.lang.Object is no value of JSON");
    }

    @Test
    void theTimeOfToday() {
        assertThat(ChatTemplate.parse("{{ strftime_now('%Y-%m-%d %%') }}").render(Map.of()))
                .matches("\\d{4}-\\d\\d-\\d\\d %");
        assertThatThrownBy(() -> ChatTemplate.parse("{{ strftime_now('%Q') }}").render(Map.of()))
                .hasMessageStartingWith("strftime_now: '%Q' is not supported");
    }
}
