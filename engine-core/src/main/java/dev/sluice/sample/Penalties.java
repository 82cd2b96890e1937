package dev.sluice.sample;

/**
 * What lowers the logits of tokens that the sequence has already. For a token that occurs in the window, first the repeat
 * penalty (Keskar et al., 2019, as in Hugging Face): its logit is divided by {@code repeat} if positive, else multiplied by
 * it. Then presence and frequency (as OpenAI defines them): {@code count * frequency + presence} is subtracted, where
 * {@code count > 0} says how often the token was generated.
 *
 * <p>As in vLLM, the repeat penalty counts the tokens of the prompt and those generated since; presence and frequency
 * count only those generated. The prompt is all that the session held before the first of these, earlier turns included.
 * llama.cpp counts the prompt for all three, and by default only the last 64 tokens.
 *
 * <p>The window is the last {@code lastN} tokens of the sequence. A logit that was finite stays finite: penalties make a
 * token unlikely, and never ban it.
 *
 * @param repeat greater than 0 and finite; 1 is none, below 1 rewards repetition
 * @param presence from -2 to 2; 0 is none, negative rewards
 * @param frequency from -2 to 2; 0 is none, negative rewards
 * @param lastN length of the window in tokens; -1 for the whole sequence, 0 for no penalties
 */
public record Penalties(float repeat, float presence, float frequency, int lastN) {
    /** No penalties. */
    public static final Penalties NONE = new Penalties(1, 0, 0, -1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range or NaN
     */
    public Penalties {
        // Written so that NaN fails each of them.
        if (!(repeat > 0 && repeat <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "repeat penalty " + repeat + ": must be finite and greater than 0, where 1 is none");
        }
        requireSmall("presence penalty", presence);
        requireSmall("frequency penalty", frequency);
        if (lastN < -1) {
            throw new IllegalArgumentException("penalty last-n " + lastN
                    + ": must be a number of tokens, -1 for the whole sequence or 0 for no penalties");
        }
    }

    private static void requireSmall(String name, float value) {
        if (!(value >= -2 && value <= 2)) {
            throw new IllegalArgumentException(name + " " + value + ": must be from -2 to 2, where 0 is none");
        }
    }

    /** {@return whether no logit is ever changed} */
    public boolean areNone() {
        return lastN == 0 || repeat == 1 && presence == 0 && frequency == 0;
    }

    /**
     * The logit of a token that is in the window.
     *
     * @param generated how often the token was generated there
     */
    float apply(float logit, int generated) {
        float repeated = logit > 0 ? logit / repeat : logit * repeat;
        return repeated - (generated * frequency + (generated > 0 ? presence : 0));
    }
}
