package dev.sluice.chat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param content the text; empty where there is none. Contents in several parts are joined before: the family's templates
 *     make the same of the parts of a text, or less
 * @param reasoning what the assistant thought before answering; empty: unknown, then a template may look for it in the content
 * @param toolCalls calls that the assistant made
 * @param toolCallId the call that a tool message answers
 */
public record Message(
        Role role, String content, Optional<String> reasoning, List<ToolCall> toolCalls, Optional<String> toolCallId) {
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(reasoning, "reasoning");
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(toolCallId, "toolCallId");
    }

    public static Message system(String content) {
        return of(Role.SYSTEM, content);
    }

    public static Message user(String content) {
        return of(Role.USER, content);
    }

    public static Message assistant(String content) {
        return of(Role.ASSISTANT, content);
    }

    public static Message assistant(String content, List<ToolCall> toolCalls) {
        return new Message(Role.ASSISTANT, content, Optional.empty(), toolCalls, Optional.empty());
    }

    public static Message tool(String content) {
        return of(Role.TOOL, content);
    }

    public static Message of(Role role, String content) {
        return new Message(role, content, Optional.empty(), List.of(), Optional.empty());
    }

    public Message withReasoning(String text) {
        return new Message(role, content, Optional.of(text), toolCalls, toolCallId);
    }

    public Message withToolCallId(String id) {
        return new Message(role, content, reasoning, toolCalls, Optional.of(id));
    }
}
