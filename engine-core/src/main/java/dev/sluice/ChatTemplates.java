package dev.sluice;

import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.tokenizer.Tokenizer;
import dev.sluice.tokenizer.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The chat templates of a file: {@code tokenizer.chat_template}, which is called default, and others by name in
 * {@code tokenizer.chat_template.NAME}. They are parsed when first asked for: a bad one must not keep the model from loading.
 */
final class ChatTemplates {
    private static final String KEY = "tokenizer.chat_template";
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";

    private final Gguf file;
    private final Optional<Tokenizer> tokenizer;
    private final ConcurrentMap<String, ChatTemplate> parsed = new ConcurrentHashMap<>();

    ChatTemplates(Gguf file, Optional<Tokenizer> tokenizer) {
        this.file = file;
        this.tokenizer = tokenizer;
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (String key : file.metadata().keys()) {
            if (key.equals(KEY)) {
                names.add(DEFAULT);
            } else if (key.startsWith(KEY + ".")) {
                names.add(key.substring(KEY.length() + 1));
            }
        }
        return names;
    }

    Optional<ChatTemplate> theDefault() {
        return find(DEFAULT);
    }

    Optional<ChatTemplate> find(String name) {
        return file.metadata()
                .findString(name.equals(DEFAULT) ? KEY : KEY + "." + name)
                .map(text -> parsed.computeIfAbsent(name, key -> ChatTemplate.parse(text)));
    }

    /** The one that these options ask for; by Hugging Face's rule if they name none. */
    ChatTemplate choose(RenderOptions options) {
        if (options.template().isPresent()) {
            return options.template().get();
        }
        if (options.templateName().isPresent()) {
            return find(options.templateName().get())
                    .orElseThrow(() -> new IllegalArgumentException(file.name() + ": no chat template is named "
                            + options.templateName().get() + "; " + known()));
        }
        return (options.tools().isEmpty() ? Optional.<ChatTemplate>empty() : find(TOOL_USE))
                .or(this::theDefault)
                .orElseThrow(() -> new UnsupportedModelException(file.name() + ": the file has no " + KEY + "; "
                        + (names().isEmpty() ? "give a raw prompt, or a template" : known())));
    }

    private String known() {
        return names().isEmpty() ? "the file has none" : "the file has " + String.join(", ", names());
    }

    /** The prompt of a conversation. The template finds the special tokens by Hugging Face's names for them. */
    String render(List<Message> messages, RenderOptions options) {
        ChatTemplate template = choose(options);
        Map<String, Object> variables = new LinkedHashMap<>();
        tokenizer.ifPresent(known -> specialTokens(known.vocabulary()).forEach((name, id) -> {
            if (id.isPresent() && template.variables().contains(name)) {
                variables.put(name, known.text(id.getAsInt()));
            }
        }));
        variables.putAll(options.variables());
        return template.render(messages, options.withVariables(variables));
    }

    private static Map<String, OptionalInt> specialTokens(Vocabulary vocabulary) {
        return Map.of("bos_token", vocabulary.bos(), "eos_token", vocabulary.eos(), "pad_token", vocabulary.padding());
    }
}
