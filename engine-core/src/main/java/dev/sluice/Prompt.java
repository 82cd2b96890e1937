package dev.sluice;

import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import java.util.List;

/** What to continue. Text and tokens are appended to what the session holds; a chat is a conversation as a whole. */
public sealed interface Prompt {
    /**
     * Token ids as they are.
     *
     * @param ids each an id of the vocabulary; copied
     */
    record Tokens(List<Integer> ids) implements Prompt {
        /** Copies the list. */
        public Tokens {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Raw text, special tokens parsed, no template.
     *
     * @param text any text; a special token spelled out in it becomes that token
     */
    record Text(String text) implements Prompt {}

    /**
     * A conversation, rendered by the file's own template or the one that the options choose. The session reads only
     * what it does not hold yet; where the conversation does not continue what it holds, it starts over.
     *
     * @param messages oldest first; copied
     * @param options what else the template is told
     */
    record Chat(List<Message> messages, RenderOptions options) implements Prompt {
        /** Copies the list. */
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    /**
     * {@return these tokens as a prompt}
     *
     * @param ids each an id of the vocabulary
     */
    static Prompt tokens(List<Integer> ids) {
        return new Tokens(ids);
    }

    /**
     * {@return this text as a prompt, without a template}
     *
     * @param text special tokens in it are parsed
     */
    static Prompt text(String text) {
        return new Text(text);
    }

    /**
     * {@return a conversation with the template's own defaults}
     *
     * @param messages oldest first
     */
    static Prompt chat(Message... messages) {
        return new Chat(List.of(messages), RenderOptions.defaults());
    }
}
