package dev.sluice;

/** Why a generation ended. */
public enum FinishReason {
    /** The model ended its reply, or a stop string appeared. */
    STOP,
    /** The token limit of the request or the end of the session's context was reached. */
    LENGTH,
    /** Cancelled by the caller or by an interrupt of its thread. */
    CANCELLED
}
