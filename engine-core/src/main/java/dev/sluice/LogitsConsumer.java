package dev.sluice;

/** Takes the logits of the tokens of a forward, one after the other. */
@FunctionalInterface
public interface LogitsConsumer {
    /**
     * Takes the logits of one token.
     *
     * @param position index of the token in the session
     * @param logits one value for each id of the vocabulary; overwritten after the call returns
     */
    void accept(int position, float[] logits);
}
