package dev.sluice.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a template is told besides the messages.
 *
 * @param addGenerationPrompt whether the prompt ends with the opening of the assistant's turn
 * @param thinking {@code enable_thinking}; empty leaves it undefined, which is the template's own default
 * @param tools definitions of functions as in the OpenAI API, outer {@code {"type": "function", ...}} included; values as in JSON
 * @param variables further variables of the template, {@code preserve_thinking} for one; they win over all others
 */
public record RenderOptions(
        boolean addGenerationPrompt,
        Optional<Boolean> thinking,
        List<Map<String, Object>> tools,
        Map<String, Object> variables) {
    private static final RenderOptions DEFAULTS = new RenderOptions(true, Optional.empty(), List.of(), Map.of());

    public RenderOptions {
        Objects.requireNonNull(thinking, "thinking");
        tools = List.copyOf(tools);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables)); // values may be null
    }

    /** A generation prompt, the template's default of thinking, no tools. */
    public static RenderOptions defaults() {
        return DEFAULTS;
    }

    public RenderOptions withAddGenerationPrompt(boolean value) {
        return new RenderOptions(value, thinking, tools, variables);
    }

    public RenderOptions withThinking(boolean value) {
        return new RenderOptions(addGenerationPrompt, Optional.of(value), tools, variables);
    }

    public RenderOptions withTools(List<Map<String, Object>> value) {
        return new RenderOptions(addGenerationPrompt, thinking, value, variables);
    }

    public RenderOptions withVariables(Map<String, Object> value) {
        return new RenderOptions(addGenerationPrompt, thinking, tools, value);
    }
}
