package dev.sluice;

import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.chat.TemplateException;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.tokenizer.EncodeOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loads a file that may be damaged, and where it loads uses it: a token, text, a chat, a generation. What may be thrown
 * where:
 *
 * <ul>
 *   <li>by {@code Model.load}: {@link GgufException} and {@link UnsupportedModelException}
 *   <li>by a forward and by the tokenizer: nothing
 *   <li>when a chat is rendered: {@link TemplateException} too, since templates are parsed when they are asked for
 *   <li>by a generation: {@link GgufException}, for sampling keys, which are read then, and weights that give NaN
 * </ul>
 *
 * <p>Each with a message of one line. Anything else, and an {@link AssertionError} for what is out of bounds, is thrown.
 */
final class FileProbe {
    /** How a file is opened. */
    @FunctionalInterface
    interface Opener {
        Model open() throws IOException;
    }

    /** State and working memory of a model that loads, whose file has a few hundred kilobytes. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int CONTEXT = 8;
    private static final int LONGEST_MESSAGE = 1100;
    private static final String TEXT = "The cat <|im_end|> said \u4E2D\uD83D\uDE00 to\n\n  [PAD0] 2026, it's <think>";
    private static final List<Message> CHAT = List.of(
            Message.system("You are brief."),
            Message.user("What is 1 + 1?"),
            Message.assistant("2").withReasoning("Adding."),
            Message.user("Sure?"));

    static final String LOADED = "loaded";

    private final List<String> outcomes = new ArrayList<>();
    private final long seed;

    FileProbe(long seed) {
        this.seed = seed;
    }

    private interface Action {
        void run() throws IOException;
    }

    /**
     * Opens a file and uses it.
     *
     * @return {@link #LOADED} if it loads, and each refusal
     */
    List<String> probe(Opener file) throws IOException {
        Model[] opened = new Model[1];
        allowed("load", () -> opened[0] = file.open(), false);
        if (opened[0] != null) {
            try (Model model = opened[0]) {
                outcomes.add(LOADED);
                use(model);
            }
        }
        return outcomes;
    }

    /** Runs something that may be refused. */
    private void allowed(String what, Action action, boolean template) throws IOException {
        try {
            action.run();
        } catch (GgufException | UnsupportedModelException e) {
            refused(what, e);
        } catch (TemplateException e) {
            if (!template) {
                throw e;
            }
            refused(what, e);
        }
    }

    private void refused(String what, RuntimeException e) {
        String message = e.getMessage();
        // A template's own message (raise_exception) may have lines.
        boolean sound = !message.isBlank()
                && (e instanceof TemplateException
                        || message.length() <= LONGEST_MESSAGE
                                && message.codePoints().noneMatch(Character::isISOControl));
        if (!sound) {
            throw new AssertionError("a message must be one line of at most " + LONGEST_MESSAGE + " characters", e);
        }
        outcomes.add(what + ": " + e.getClass().getSimpleName());
    }

    private void use(Model model) throws IOException {
        SessionOptions options = SessionOptions.ofContext(Math.min(CONTEXT, model.contextLength()));
        MemoryUse memory = model.memory(options);
        require(memory.session() + memory.scratch() < MOST_BYTES, "memory", memory);
        try (Session session = model.newSession(options)) {
            float[] logits = session.forward(0);
            require(logits.length == model.vocabularySize(), "logits", logits.length);
            session.reset();
            int[] prompt = model.tokenizer().map(t -> encode(t, model)).orElse(new int[0]);
            allowed("render", () -> model.chatTemplates().render(CHAT, RenderOptions.defaults()), true);
            int count = Math.clamp(prompt.length, 1, options.contextLength());
            List<Integer> ids =
                    IntStream.of(Arrays.copyOf(prompt, count)).boxed().toList();
            GenerateOptions two =
                    GenerateOptions.builder().maxTokens(2).seed(seed).build();
            allowed(
                    "generate",
                    () -> {
                        GenerateResult result = session.generate(Prompt.tokens(ids), two);
                        require(result.tokens().size() <= 2, "tokens", result.tokens());
                    },
                    false);
        }
    }

    private static int[] encode(Tokenizer tokenizer, Model model) {
        int[] plain = tokenizer.encode(TEXT);
        int[] special = tokenizer.encode(TEXT, EncodeOptions.withSpecial());
        for (int[] ids : List.of(plain, special)) {
            for (int id : ids) {
                require(id >= 0 && id < model.vocabularySize(), "token", id);
            }
            tokenizer.decodeWithSpecial(ids);
        }
        return special;
    }

    private static void require(boolean condition, String what, Object value) {
        if (!condition) {
            throw new AssertionError(what + ": " + value);
        }
    }
}
