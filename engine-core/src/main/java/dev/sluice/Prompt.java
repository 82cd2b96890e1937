package dev.sluice;

import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import java.util.List;

/** What to continue. Text and tokens are appended to what the session holds; a chat is a conversation as a whole. */
public sealed interface Prompt {
    /** Token ids as they are. */
    record Tokens(List<Integer> ids) implements Prompt {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }

    /** Raw text, special tokens parsed, no template. */
    record Text(String text) implements Prompt {}

    /**
     * A conversation, rendered by the file's own template or the one that the options choose. The session reads only what it does not hold yet; where the
     * conversation does not continue what it holds, it starts over.
     */
    record Chat(List<Message> messages, RenderOptions options) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    static Prompt tokens(List<Integer> ids) {
        return new Tokens(ids);
    }

    static Prompt text(String text) {
        return new Text(text);
    }

    /** A conversation with the template's own defaults. */
    static Prompt chat(Message... messages) {
        return new Chat(List.of(messages), RenderOptions.defaults());
    }
}
