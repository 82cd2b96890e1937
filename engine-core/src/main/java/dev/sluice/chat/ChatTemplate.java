package dev.sluice.chat;

import dev.sluice.chat.jinja.JinjaException;
import dev.sluice.chat.jinja.JinjaTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The template of a model that turns a conversation into a prompt, as in {@code tokenizer.chat_template}: Jinja, run as
 * Hugging Face's transformers run it. Immutable and thread-safe. Work, output and nesting are limited, so that a hostile
 * template ends in an error.
 */
public final class ChatTemplate {
    private static final String TOOLS = "tools";
    private static final String ENABLE_THINKING = "enable_thinking";

    private final String source;
    private final JinjaTemplate template;

    private ChatTemplate(String source) {
        this.source = source;
        this.template = guarded(() -> JinjaTemplate.parse(source));
    }

    /**
     * Parses a template.
     *
     * @param jinja the text of the template
     * @return the template
     * @throws TemplateException if it is malformed, or has a statement that is not supported. Unknown filters, tests
     *     and methods are refused only when they are reached: many a template has them in branches that are never
     *     taken.
     */
    public static ChatTemplate parse(String jinja) {
        return new ChatTemplate(jinja);
    }

    /**
     * {@return the prompt for a conversation} The template sees {@code messages}, {@code tools} (none if there are
     * none), {@code add_generation_prompt}, and {@code enable_thinking} where it is set. Text of messages is not
     * escaped: where it spells a special token, the prompt has that token, as with Hugging Face and llama.cpp. Which
     * template the options choose does not matter here.
     *
     * @param messages oldest first
     * @param options what else the template is told
     * @throws IllegalArgumentException if the options have thinking, tools or variables that the template does not read
     * @throws TemplateException if the template refuses the conversation or goes wrong
     */
    public String render(List<Message> messages, RenderOptions options) {
        requireRead(options);
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("messages", messages.stream().map(ChatTemplate::variables).toList());
        variables.put(TOOLS, options.tools().isEmpty() ? null : options.tools());
        variables.put("add_generation_prompt", options.addGenerationPrompt());
        options.thinking().ifPresent(value -> variables.put(ENABLE_THINKING, value));
        variables.putAll(options.variables());
        return render(variables);
    }

    /**
     * Runs the template on these variables: null, booleans, numbers, strings, lists and maps of them.
     *
     * @param variables by name; copied
     * @return the text
     * @throws TemplateException if the template goes wrong
     */
    public String render(Map<String, Object> variables) {
        return guarded(() -> template.render(variables));
    }

    /** {@return the text it was parsed from} */
    public String source() {
        return source;
    }

    /** {@return the variables that the template reads and does not set itself, in alphabetical order} */
    public Set<String> variables() {
        return template.variables();
    }

    /** {@return whether thinking can be switched: whether the template reads {@code enable_thinking}} */
    public boolean supportsThinking() {
        return variables().contains(ENABLE_THINKING);
    }

    private void requireRead(RenderOptions options) {
        Set<String> unread = new TreeSet<>(options.variables().keySet());
        options.thinking().ifPresent(value -> unread.add(ENABLE_THINKING));
        if (!options.tools().isEmpty()) {
            unread.add(TOOLS);
        }
        unread.removeAll(variables());
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("the chat template does not read " + String.join(", ", unread)
                    + "; it reads " + String.join(", ", variables()));
        }
    }

    private static Map<String, Object> variables(Message message) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("role", message.role().templateName());
        variables.put("content", message.content());
        message.reasoning().ifPresent(text -> variables.put("reasoning_content", text));
        if (!message.toolCalls().isEmpty()) {
            List<Object> calls = new ArrayList<>();
            for (ToolCall call : message.toolCalls()) {
                Map<String, Object> function = new LinkedHashMap<>();
                function.put("name", call.name());
                function.put("arguments", call.arguments());
                Map<String, Object> variable = new LinkedHashMap<>();
                variable.put("id", call.id());
                variable.put("type", "function");
                variable.put("function", function);
                calls.add(variable);
            }
            variables.put("tool_calls", calls);
        }
        message.toolCallId().ifPresent(id -> variables.put("tool_call_id", id));
        return variables;
    }

    private static <T> T guarded(Supplier<T> action) {
        try {
            return action.get();
        } catch (JinjaException e) {
            String place = e.line() > 0 ? " (chat template, line " + e.line() + ", column " + e.column() + ")" : "";
            throw new TemplateException(e.getMessage() + place, e.line(), e.column(), e);
        }
    }
}
