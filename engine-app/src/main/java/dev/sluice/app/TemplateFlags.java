package dev.sluice.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Model;
import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.chat.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a conversation gives the chat template besides the messages: the options of every command that renders one. */
@Section.Of(Section.CHAT_TEMPLATE)
final class TemplateFlags {
    private static final String THINKING = "enable_thinking";

    /** What the messages and the command itself decide. */
    private static final Set<String> TAKEN = Set.of("messages", "tools", "add_generation_prompt");

    @Option(
            names = {"--system", "-sys"},
            paramLabel = "TEXT",
            description = "System message.")
    String system;

    @Option(
            names = "--think",
            negatable = true,
            description = "Let the model think first, or not. Default: as the template says.")
    Boolean think;

    @Option(
            names = "--preserve-thinking",
            negatable = true,
            description = "Show the model what it thought in earlier turns, or not. Default: as the template says.")
    Boolean preserve;

    @Option(
            names = "--reasoning-effort",
            paramLabel = "LEVEL",
            description = "How long to think, in the template's words: low, medium, xhigh.")
    String effort;

    @Option(
            names = "--chat-template-kwargs",
            paramLabel = "JSON",
            description = "More variables of the template, as a JSON object.")
    String variables;

    @Option(
            names = "--chat-template-file",
            paramLabel = "FILE",
            description = "A Jinja template to use instead of the model file's.")
    String file;

    @Option(
            names = "--chat-template-name",
            paramLabel = "NAME",
            description = "Which of the model file's templates. Default: the one named default.")
    String name;

    /** Options that are given: {@code value} under the name of the template's variable. */
    private record Given(String option, String variable, Object value) {}

    private List<Given> switches() {
        List<Given> given = new ArrayList<>();
        if (think != null) {
            given.add(new Given(think ? "--think" : "--no-think", THINKING, think));
        }
        if (preserve != null) {
            given.add(new Given(
                    preserve ? "--preserve-thinking" : "--no-preserve-thinking", "preserve_thinking", preserve));
        }
        if (effort != null) {
            given.add(new Given("--reasoning-effort", "reasoning_effort", effort));
        }
        return given;
    }

    /** Refuses the options of this group where no template is rendered. */
    void refuseWithout(String reason) {
        Stream.of(
                        Stream.of(system == null ? null : "--system"),
                        switches().stream().map(Given::option),
                        Stream.of(
                                variables == null ? null : "--chat-template-kwargs",
                                file == null ? null : "--chat-template-file",
                                name == null ? null : "--chat-template-name"))
                .flatMap(options -> options)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(option -> {
                    throw new IllegalArgumentException(option + " needs the chat template, and " + reason);
                });
    }

    /** Refuses the options that the template of these options does not read, by their names on the command line. */
    void refuseUnread(Model model, RenderOptions options) {
        if (switches().isEmpty()) {
            return;
        }
        Set<String> read = model.chatTemplate(options).variables();
        for (Given given : switches()) {
            if (!read.contains(given.variable())) {
                throw new IllegalArgumentException(
                        given.option() + " would change nothing: the chat template does not read " + given.variable());
            }
        }
    }

    /** The messages before the first of the user. */
    List<Message> opening() {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        return messages;
    }

    RenderOptions toOptions() throws IOException {
        if (file != null && name != null) {
            throw new IllegalArgumentException("--chat-template-file and --chat-template-name: give one of them");
        }
        Map<String, Object> all = parse(variables);
        for (Given given : switches()) {
            if (all.put(given.variable(), given.value()) != null) {
                throw new IllegalArgumentException(
                        given.option() + " and --chat-template-kwargs both set " + given.variable());
            }
        }
        RenderOptions options = RenderOptions.defaults();
        if (all.get(THINKING) instanceof Boolean thinking) {
            all.remove(THINKING);
            options = options.withThinking(thinking);
        }
        if (file != null) {
            options = options.withTemplate(readTemplate());
        }
        if (name != null) {
            options = options.withTemplateName(name);
        }
        return options.withVariables(all);
    }

    private ChatTemplate readTemplate() throws IOException {
        String text = Terminal.readFile(file);
        try {
            return ChatTemplate.parse(text);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage());
        }
    }

    private static Map<String, Object> parse(String json) {
        if (json == null) {
            return new LinkedHashMap<>();
        }
        ObjectMapper mapper = new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
        JsonNode node;
        try {
            node = mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("--chat-template-kwargs: invalid JSON: " + e.getOriginalMessage());
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException(
                    "--chat-template-kwargs: expected an object like {\"name\":value}, got: " + json);
        }
        Map<String, Object> parsed = mapper.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
        for (String taken : TAKEN) {
            if (parsed.containsKey(taken)) {
                throw new IllegalArgumentException("--chat-template-kwargs: " + taken + " cannot be set");
            }
        }
        return parsed;
    }
}
