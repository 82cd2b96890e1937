package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of the family's prompts, rule by rule, on the rendered text. */
class TemplateRulesTest {
    private static final Message HELLO = Message.user("Hello");
    private static final Map<String, Object> TOOL = Map.of("type", "function", "function", Map.of("name", "now"));
    private static final String THINKING = "<think>\n";
    private static final String NOT_THINKING = "<think>\n\n</think>\n\n";

    private static String render(String template, RenderOptions options, Message... messages) {
        return ChatTemplate.parse(Goldens.text("templates/" + template + ".jinja"))
                .render(List.of(messages), options);
    }

    private static String render(String template, Message... messages) {
        return render(template, RenderOptions.defaults(), messages);
    }

    /** Without generation prompt. */
    private static String history(String template, Message... messages) {
        return render(template, RenderOptions.defaults().withAddGenerationPrompt(false), messages);
    }

    private static RenderOptions set(String variable, Object value) {
        return RenderOptions.defaults().withVariables(Map.of(variable, value));
    }

    private static String user(String text) {
        return "<|im_start|>user\n" + text + "<|im_end|>\n";
    }

    private static String assistant(String text) {
        return "<|im_start|>assistant\n" + text + "<|im_end|>\n";
    }

    private static Message call(String content, Object... keysAndValues) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            arguments.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return Message.assistant(content, List.of(new ToolCall("", "now", arguments)));
    }

    private static String argument(String template, Object value) {
        String prompt = history(template, HELLO, call("", "key", value));
        int start = prompt.indexOf("<parameter=key>\n");
        return start < 0 ? null : prompt.substring(start + 16, prompt.indexOf("\n</parameter>", start));
    }

    @Test
    void theGenerationPromptAndThinking() {
        for (String template : List.of("qwen35", "qwen36", "qwen38", "tiny")) {
            assertThat(render(template, HELLO)).endsWith("assistant\n" + THINKING);
            assertThat(render(template, RenderOptions.defaults().withThinking(true), HELLO))
                    .endsWith("assistant\n" + THINKING);
            assertThat(render(template, RenderOptions.defaults().withThinking(false), HELLO))
                    .endsWith("assistant\n" + NOT_THINKING);
        }
        assertThat(render("qwen35-small", HELLO)).endsWith("assistant\n" + NOT_THINKING);
        assertThat(render("qwen35-small", RenderOptions.defaults().withThinking(true), HELLO))
                .endsWith("assistant\n" + THINKING);
        assertThat(render("qwen35-small", RenderOptions.defaults().withThinking(false), HELLO))
                .endsWith("assistant\n" + NOT_THINKING);
        assertThat(render("qwen3", HELLO)).endsWith("<|im_start|>assistant\n");
        assertThat(render("qwen3", RenderOptions.defaults().withThinking(true), HELLO))
                .endsWith("<|im_start|>assistant\n");
        assertThat(render("qwen3", RenderOptions.defaults().withThinking(false), HELLO))
                .endsWith("assistant\n" + NOT_THINKING);
        assertThat(render("qwen3next-thinking", HELLO)).endsWith("assistant\n" + THINKING);
        assertThat(render("qwen3next-instruct", HELLO)).endsWith("<|im_start|>assistant\n");
        assertThat(render("qwen3-coder", HELLO)).endsWith("<|im_start|>assistant\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3-coder", "qwen3next-instruct", "qwen3next-thinking"})
    void thinkingIsRefusedWhereItCannotBeSwitched(String template) {
        assertThatThrownBy(() -> render(template, RenderOptions.defaults().withThinking(false), HELLO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the chat template does not read enable_thinking; it reads ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"qwen35", "qwen35-small", "qwen36", "qwen3", "qwen3next-instruct", "qwen3next-thinking", "tiny"})
    void thereIsNoSystemPromptOfTheirOwn(String template) {
        assertThat(history(template, HELLO)).isEqualTo(user("Hello"));
        assertThat(history(template, Message.system("Be."), HELLO))
                .isEqualTo("<|im_start|>system\nBe.<|im_end|>\n" + user("Hello"));
        assertThat(history(template, Message.system(""), HELLO))
                .isEqualTo("<|im_start|>system\n<|im_end|>\n" + user("Hello"));
    }

    @Test
    void anEmptySystemMessageIsNoneInQwen38() {
        RenderOptions off = RenderOptions.defaults().withThinking(false).withAddGenerationPrompt(false);
        assertThat(render("qwen38", off, Message.system(" "), HELLO)).isEqualTo(user("Hello"));
        assertThat(render("qwen38", off, Message.system("Be."), HELLO))
                .isEqualTo("<|im_start|>system\nBe.<|im_end|>\n" + user("Hello"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35-small", "qwen36", "qwen38"})
    void toolsComeBeforeTheSystemText(String template) {
        RenderOptions tools = RenderOptions.defaults().withTools(List.of(TOOL));
        String prompt = render(template, tools, Message.system(" Be. "), HELLO);
        assertThat(prompt).containsOnlyOnce("<|im_start|>system\n").contains("\n\nBe.<|im_end|>\n" + user("Hello"));
        assertThat(prompt.indexOf("<tools>\n{\"")).isPositive().isLessThan(prompt.indexOf("</tools>"));
        assertThat(prompt.indexOf("</IMPORTANT>")).isPositive().isLessThan(prompt.indexOf("Be."));
        assertThat(render(template, tools, Message.system("  "), HELLO)).contains("</IMPORTANT><|im_end|>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "qwen3next-instruct", "qwen3next-thinking"})
    void theSystemTextComesBeforeToolsInQwen3(String template) {
        String prompt =
                render(template, RenderOptions.defaults().withTools(List.of(TOOL, TOOL)), Message.system("Be."), HELLO);
        assertThat(prompt)
                .startsWith("<|im_start|>system\nBe.\n\n# Tools")
                .contains("<tools>\n{\"")
                .contains("}\n{\"")
                .contains("}\n</tools>");
    }

    @Test
    void coderDescribesToolsInXml() {
        RenderOptions tools = RenderOptions.defaults()
                .withTools(List.of(Map.of(
                        "type",
                        "function",
                        "function",
                        Map.of(
                                "name",
                                "go",
                                "parameters",
                                Map.of("properties", Map.of("to", Map.of("type", "string")))))));
        assertThat(render("qwen3-coder", tools, HELLO))
                .startsWith("<|im_start|>system\nYou ")
                .contains(
                        "\n<function>\n<name>go</name>\n<parameters>\n<parameter>\n<name>to</name>\n<type>string</type>");
        assertThat(render("qwen3-coder", tools, Message.system("Be."), HELLO))
                .startsWith("<|im_start|>system\nBe.\n\n# Tools");
        assertThat(history("qwen3-coder", HELLO)).isEqualTo(user("Hello"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35-small", "qwen36", "qwen38"})
    void aSystemMessageElsewhereIsRefused(String template) {
        assertThatThrownBy(() -> render(template, HELLO, Message.system("Late.")))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching(
                        "A system message must be the first one\\. \\(chat template, line \\d+, column \\d+\\)");
        assertThatThrownBy(() -> render(template)).hasMessageStartingWith("There are no messages.");
        assertThatThrownBy(() -> render(template, Message.assistant("a")))
                .hasMessageStartingWith("There is no question of the user.");
        assertThatThrownBy(() -> render(template, Message.user("<tool_response>\nx\n</tool_response>")))
                .hasMessageStartingWith("There is no question of the user.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35-small", "qwen36"})
    void reasoningIsShownAfterTheLastQuestionOnly(String template) {
        String prompt = history(
                template,
                Message.user("one"),
                Message.assistant("A").withReasoning("early"),
                Message.user("two"),
                call("B").withReasoning("\nlate\n"),
                Message.tool("r"),
                Message.user("<tool_response>s</tool_response>"),
                Message.assistant("C"));
        assertThat(prompt)
                .isEqualTo(user("one")
                        + assistant("A")
                        + user("two")
                        + assistant(
                                "<think>\nlate\n</think>\n\nB\n\n<tool_call>\n<function=now>\n</function>\n</tool_call>")
                        + user("<tool_response>\nr\n</tool_response>")
                        + user("<tool_response>s</tool_response>")
                        + assistant("<think>\n\n</think>\n\nC"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "qwen3next-thinking"})
    void emptyReasoningIsShownInTheLastMessageOnlyInQwen3(String template) {
        assertThat(history(
                        template,
                        Message.user("one"),
                        Message.assistant("A").withReasoning("early"),
                        Message.user("two"),
                        call("B"),
                        Message.tool("r"),
                        call("").withReasoning("late"),
                        Message.tool("s"),
                        Message.assistant("C")))
                .contains(assistant("A"))
                .contains("<|im_start|>assistant\nB\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>")
                .contains("<|im_start|>assistant\n<think>\nlate\n</think>\n\n<tool_call>\n")
                .endsWith(assistant("<think>\n\n</think>\n\nC"));
    }

    @Test
    void preservedThinking() {
        Message[] messages = {HELLO, Message.assistant("A").withReasoning("why"), HELLO};
        String kept = assistant("<think>\nwhy\n</think>\n\nA");
        assertThat(render("qwen36", messages)).contains(assistant("A"));
        assertThat(render("qwen36", set("preserve_thinking", true), messages)).contains(kept);
        assertThat(render("qwen36", set("preserve_thinking", false), messages)).contains(assistant("A"));
        assertThat(render("qwen38", messages)).contains(kept);
        assertThat(render("qwen38", set("preserve_thinking", true), messages)).contains(kept);
        assertThat(render("qwen38", set("preserve_thinking", false), messages)).contains(assistant("A"));
        assertThatThrownBy(() -> render("qwen35", set("preserve_thinking", true), messages))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("preserve_thinking");
    }

    @Test
    void reasoningInsideTheContent() {
        Message[] messages = {HELLO, Message.assistant("<think>\nx\n</think>\n\ny")};
        for (String template : List.of("qwen35", "qwen36", "qwen3", "qwen3next-thinking")) {
            assertThat(history(template, messages)).endsWith(assistant("<think>\nx\n</think>\n\ny"));
            assertThat(history(template, messages[0], messages[1], HELLO)).contains(assistant("y"));
        }
        assertThat(history("qwen38", messages)).endsWith(assistant("<think>\n\n</think>\n\n<think>\nx\n</think>\n\ny"));
    }

    @Test
    void reasoningEffort() {
        String note = "<|im_start|>system\nTake all the time you need to think.";
        String brief = "<|im_start|>system\nThink as briefly as you can.";
        assertThat(render("qwen38", HELLO)).startsWith(note + "<|im_end|>\n");
        assertThat(render("qwen38", set("reasoning_effort", "xhigh"), HELLO)).startsWith(note + "<|im_end|>\n");
        assertThat(render("qwen38", set("reasoning_effort", "low"), HELLO)).startsWith(brief + "<|im_end|>\n");
        assertThat(render("qwen38", set("reasoning_effort", "medium"), HELLO)).startsWith("<|im_start|>user");
        assertThat(render("qwen38", RenderOptions.defaults().withThinking(false), HELLO))
                .startsWith("<|im_start|>user");
        assertThat(render("qwen38", Message.system("Be."), HELLO)).startsWith(note + "\n\nBe.<|im_end|>\n");
        assertThat(render("qwen38", RenderOptions.defaults().withTools(List.of(TOOL)), HELLO))
                .startsWith(note + "\n\n# Tools");
        assertThatThrownBy(() -> render("qwen38", set("reasoning_effort", "high"), HELLO))
                .hasMessageStartingWith("The reasoning effort is xhigh, medium or low, not high.");
    }

    @Test
    void argumentsOfCalls() {
        for (String template : List.of("qwen35", "qwen35-small", "qwen3-coder")) {
            assertThat(argument(template, true)).isEqualTo("True");
            assertThat(argument(template, null)).isEqualTo("None");
        }
        for (String template : List.of("qwen36", "qwen38", "tiny")) {
            assertThat(argument(template, true)).isEqualTo("true");
            assertThat(argument(template, null)).isEqualTo("null");
        }
        for (String template : List.of("qwen35", "qwen35-small", "qwen36", "qwen38", "qwen3-coder", "tiny")) {
            assertThat(argument(template, "a \"b\"\n")).isEqualTo("a \"b\"\n");
            assertThat(argument(template, 7)).isEqualTo("7");
            assertThat(argument(template, 0.5)).isEqualTo("0.5");
            assertThat(argument(template, List.of("é", Map.of()))).isEqualTo("[\"é\", {}]");
            assertThat(argument(template, Map.of("a", true))).isEqualTo("{\"a\": true}");
            assertThat(argument(template, "")).isEqualTo(template.equals("qwen38") ? null : "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35-small", "qwen36", "qwen38"})
    void separatorsOfCalls(String template) {
        ToolCall one = new ToolCall("", "now", Map.of());
        Message content = Message.assistant("A", List.of(one, one));
        Message blank = Message.assistant(" \n", List.of(one, one));
        String call = "<tool_call>\n<function=now>\n</function>\n</tool_call>";
        assertThat(history(template, HELLO, content))
                .endsWith(assistant("<think>\n\n</think>\n\nA\n\n" + call + "\n" + call));
        assertThat(history(template, HELLO, blank)).endsWith(assistant("<think>\n\n</think>\n\n" + call + "\n" + call));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35-small", "qwen36", "qwen38", "qwen3", "qwen3next-instruct", "qwen3-coder"})
    void resultsShareATurn(String template) {
        String prompt = history(template, HELLO, call(""), Message.tool("r"), Message.tool("s"));
        String results = "<tool_response>\nr\n</tool_response>\n<tool_response>\ns\n</tool_response>";
        assertThat(prompt)
                .endsWith(user(results + (template.equals("qwen3-coder") ? "\n" : "")))
                .containsOnlyOnce("<tool_response>\nr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35-small", "qwen36", "qwen38"})
    void contentsAreTrimmed(String template) {
        assertThat(history(template, Message.user("\n a\u3000 "), Message.assistant(" b\n")))
                .endsWith(user("a") + assistant("<think>\n\n</think>\n\nb"));
    }

    @Test
    void developerIsSystem() {
        Message developer = Message.of(Role.DEVELOPER, "Short.");
        for (String template : List.of("qwen35", "qwen36", "qwen38", "qwen3", "qwen3-coder", "tiny")) {
            assertThat(render(template, developer, HELLO)).isEqualTo(render(template, Message.system("Short."), HELLO));
        }
    }

    @Test
    void variablesThatTheTemplatesRead() {
        assertThat(ChatTemplate.parse(Goldens.text("templates/qwen38.jinja")).variables())
                .containsExactly(
                        "add_generation_prompt",
                        "add_vision_id",
                        "enable_thinking",
                        "messages",
                        "preserve_thinking",
                        "reasoning_effort",
                        "tools");
        assertThat(ChatTemplate.parse(Goldens.text("templates/qwen3-coder.jinja"))
                        .variables())
                .containsExactly("add_generation_prompt", "messages", "tools");
        assertThat(ChatTemplate.parse(
                                "{% set a = b %}{{ a }}{% for c in d if e %}{{ c }}{{ loop.index }}{% else %}{{ c2 }}"
                                        + "{% endfor %}{% macro m(f, g=h) %}{{ f }}{{ g }}{{ i }}{{ caller() }}{% endmacro %}"
                                        + "{% with j = k %}{{ j }}{% endwith %}{% call(l) m(n) %}{{ l }}{% endcall %}"
                                        + "{% set ns = namespace() %}{% set ns.x = o %}{{ p.q }}{% set r %}{{ s | t(u) }}{% endset %}{{ r }}")
                        .variables())
                .containsExactly("b", "c2", "d", "e", "h", "i", "k", "n", "o", "p", "s", "u");
    }
}
