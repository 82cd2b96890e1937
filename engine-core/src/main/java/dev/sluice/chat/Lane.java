package dev.sluice.chat;

/** What a part of a reply is. */
public enum Lane {
    /** Thinking, between {@code <think>} and {@code </think>}. */
    REASONING,
    /** The answer. */
    CONTENT
}
