package dev.sluice.chat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param content the text; empty where there is none. Contents in several parts are joined before: the family's
 *     templates make the same of the parts of a text, or less
 * @param reasoning what the assistant thought before answering; empty: unknown, then a template may look for it in the
 *     content
 * @param toolCalls calls that the assistant made
 * @param toolCallId the call that a tool message answers
 * @param role who speaks
 */
public record Message(
        Role role, String content, Optional<String> reasoning, List<ToolCall> toolCalls, Optional<String> toolCallId) {
    /** Copies the calls. */
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(reasoning, "reasoning");
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(toolCallId, "toolCallId");
    }

    /**
     * {@return a message of the system}
     *
     * @param content its text
     */
    public static Message system(String content) {
        return of(Role.SYSTEM, content);
    }

    /**
     * {@return a message of the user}
     *
     * @param content its text
     */
    public static Message user(String content) {
        return of(Role.USER, content);
    }

    /**
     * {@return a message of the assistant, whose reasoning is unknown}
     *
     * @param content its text
     */
    public static Message assistant(String content) {
        return of(Role.ASSISTANT, content);
    }

    /**
     * {@return a message of the assistant that calls tools}
     *
     * @param content what it said before the calls; may be empty
     * @param toolCalls in order; copied
     */
    public static Message assistant(String content, List<ToolCall> toolCalls) {
        return new Message(Role.ASSISTANT, content, Optional.empty(), toolCalls, Optional.empty());
    }

    /**
     * {@return a result of a tool}
     *
     * @param content what the tool gave
     */
    public static Message tool(String content) {
        return of(Role.TOOL, content);
    }

    /**
     * {@return a message with nothing but a text}
     *
     * @param role who speaks
     * @param content its text
     */
    public static Message of(Role role, String content) {
        return new Message(role, content, Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * {@return this message with what the assistant thought before it}
     *
     * @param text without the marks around it
     */
    public Message withReasoning(String text) {
        return new Message(role, content, Optional.of(text), toolCalls, toolCallId);
    }

    /**
     * {@return this message as the answer to a call}
     *
     * @param id that of the call
     */
    public Message withToolCallId(String id) {
        return new Message(role, content, reasoning, toolCalls, Optional.of(id));
    }
}
