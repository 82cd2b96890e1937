package dev.sluice.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a template is told besides the messages, and which template it is.
 *
 * @param addGenerationPrompt whether the prompt ends with the opening of the assistant's turn
 * @param thinking {@code enable_thinking}; empty leaves it undefined, which is the template's own default
 * @param tools definitions of functions as in the OpenAI API, outer {@code {"type": "function", ...}} included; values as in JSON
 * @param variables further variables of the template, {@code preserve_thinking} and {@code reasoning_effort} for two; they
 *     win over all others
 * @param template used instead of the file's
 * @param templateName one of {@code Model.chatTemplateNames()}; empty: the file's {@code tool_use} where there are
 *     tools and the file has it, else its {@code default}. Not together with {@code template}
 */
public record RenderOptions(
        boolean addGenerationPrompt,
        Optional<Boolean> thinking,
        List<Map<String, Object>> tools,
        Map<String, Object> variables,
        Optional<ChatTemplate> template,
        Optional<String> templateName) {
    private static final RenderOptions DEFAULTS =
            new RenderOptions(true, Optional.empty(), List.of(), Map.of(), Optional.empty(), Optional.empty());

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if there are both a template and the name of one
     */
    public RenderOptions {
        Objects.requireNonNull(thinking, "thinking");
        tools = List.copyOf(tools);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables)); // values may be null
        if (template.isPresent() && templateName.isPresent()) {
            throw new IllegalArgumentException("a chat template and the name of one: only one of them can be used");
        }
    }

    /** {@return a generation prompt, the template's default of thinking, no tools, the file's template} */
    public static RenderOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with or without the opening of the assistant's turn}
     *
     * @param value true to have the model reply
     */
    public RenderOptions withAddGenerationPrompt(boolean value) {
        return new RenderOptions(value, thinking, tools, variables, template, templateName);
    }

    /**
     * {@return these options with thinking switched}
     *
     * @param value {@code enable_thinking}
     */
    public RenderOptions withThinking(boolean value) {
        return new RenderOptions(addGenerationPrompt, Optional.of(value), tools, variables, template, templateName);
    }

    /**
     * {@return these options with other tools}
     *
     * @param value definitions as in the OpenAI API; copied
     */
    public RenderOptions withTools(List<Map<String, Object>> value) {
        return new RenderOptions(addGenerationPrompt, thinking, value, variables, template, templateName);
    }

    /**
     * {@return these options with other variables, which replace those set before}
     *
     * @param value by name; copied
     */
    public RenderOptions withVariables(Map<String, Object> value) {
        return new RenderOptions(addGenerationPrompt, thinking, tools, value, template, templateName);
    }

    /**
     * {@return these options with a template instead of the file's}
     *
     * @param value the template
     */
    public RenderOptions withTemplate(ChatTemplate value) {
        return new RenderOptions(addGenerationPrompt, thinking, tools, variables, Optional.of(value), templateName);
    }

    /**
     * {@return these options with the name of one of the file's templates}
     *
     * @param value one of {@code Model.chatTemplateNames()}
     */
    public RenderOptions withTemplateName(String value) {
        return new RenderOptions(addGenerationPrompt, thinking, tools, variables, template, Optional.of(value));
    }
}
