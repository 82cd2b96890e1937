package dev.sluice;

import dev.sluice.chat.Lane;

/** What a streaming generation tells its listener, on the thread that called generate. */
public sealed interface GenerateEvent {
    /**
     * More text; never half a character, never part of a stop string.
     *
     * @param lane whether the model is thinking or answering
     * @param text never empty
     */
    record Text(String text, Lane lane) implements GenerateEvent {}

    /**
     * The end; always the last event, and the value that generate returns.
     *
     * @param result the whole generation
     */
    record Done(GenerateResult result) implements GenerateEvent {}
}
