package dev.sluice.app.chat;

import dev.sluice.Cancellation;
import dev.sluice.FinishReason;
import dev.sluice.GenerateEvent;
import dev.sluice.GenerateOptions;
import dev.sluice.GenerateResult;
import dev.sluice.Prompt;
import dev.sluice.Session;
import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.chat.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The messages so far, and the session that answers them. Each turn renders all of them anew; the session reads what the
 * prompt has beyond the tokens it holds, or all of it where the template changed something before. Not thread-safe.
 */
public final class Conversation {
    private final Session session;
    private final Function<Cancellation, GenerateOptions> options;
    private final List<Message> messages = new ArrayList<>();
    private RenderOptions rendering;
    private Optional<Turn> last = Optional.empty();

    /**
     * What a turn cost.
     *
     * @param rereadTokens tokens of the prompt that the session had held at these places, and read again
     */
    record Turn(GenerateResult result, int rereadTokens) {}

    /**
     * @param session used by this conversation alone; the caller closes it
     * @param opening messages before the first of the user: a system message or none
     */
    public Conversation(
            Session session,
            Function<Cancellation, GenerateOptions> options,
            RenderOptions rendering,
            List<Message> opening) {
        this.session = session;
        this.options = options;
        this.rendering = rendering;
        messages.addAll(opening);
    }

    /**
     * Says something and lets the model answer. Where the call fails, or is cancelled before a word of the answer, the
     * conversation is as if nothing had been said.
     *
     * @throws IllegalArgumentException if the conversation does not fit into the context any more
     */
    GenerateResult say(String text, Cancellation cancellation, Consumer<GenerateEvent.Text> listener) {
        List<Message> asked = new ArrayList<>(messages);
        asked.add(Message.user(text));
        List<Integer> before = session.tokens();
        GenerateResult result =
                session.generate(new Prompt.Chat(asked, rendering), options.apply(cancellation), event -> {
                    if (event instanceof GenerateEvent.Text piece) {
                        listener.accept(piece);
                    }
                });
        if (isAnswered(result)) {
            messages.add(Message.user(text));
            messages.add(Message.assistant(result.text()).withReasoning(result.reasoning()));
        }
        int prompt = Math.min(result.usage().promptTokens(), session.position());
        int common = commonPrefix(before, session.tokens().subList(0, prompt));
        last = Optional.of(new Turn(result, common - result.usage().cachedTokens()));
        return result;
    }

    /** Whether the result became a part of the conversation. */
    static boolean isAnswered(GenerateResult result) {
        return result.finish() != FinishReason.CANCELLED || !result.text().isEmpty();
    }

    private static int commonPrefix(List<Integer> a, List<Integer> b) {
        int length = 0;
        while (length < Math.min(a.size(), b.size()) && a.get(length).equals(b.get(length))) {
            length++;
        }
        return length;
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    Session session() {
        return session;
    }

    Optional<Turn> last() {
        return last;
    }

    /** Forgets all but the system message. */
    void reset() {
        messages.removeIf(message -> message.role() != Role.SYSTEM);
        session.reset();
        last = Optional.empty();
    }

    /** Goes on from other messages. */
    void replace(List<Message> others) {
        messages.clear();
        messages.addAll(others);
    }

    /** Sets the system message; empty text for none. */
    void setSystem(String text) {
        messages.removeIf(message -> message.role() == Role.SYSTEM);
        if (!text.isEmpty()) {
            messages.addFirst(Message.system(text));
        }
    }

    /** @throws IllegalArgumentException if the template cannot switch thinking */
    void setThinking(boolean thinking) {
        if (!session.model().chatTemplate(rendering).supportsThinking()) {
            throw new IllegalArgumentException("the chat template does not read enable_thinking");
        }
        rendering = rendering.withThinking(thinking);
    }
}
