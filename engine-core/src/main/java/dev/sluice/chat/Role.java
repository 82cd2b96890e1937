package dev.sluice.chat;

/** Who speaks. */
public enum Role {
    /** Instructions from whoever runs the conversation. */
    SYSTEM,
    /** A name of newer APIs for {@link #SYSTEM}; the family's templates do not know it, so it is rendered as system. */
    DEVELOPER,
    /** The one who asks. */
    USER,
    /** The model. */
    ASSISTANT,
    /** The result of a tool call. */
    TOOL;

    /** What templates call this role. */
    String templateName() {
        return switch (this) {
            case SYSTEM, DEVELOPER -> "system";
            case USER -> "user";
            case ASSISTANT -> "assistant";
            case TOOL -> "tool";
        };
    }
}
