package dev.sluice.sample;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The settings that Qwen recommends on the cards of its models, for each mode of use. A preset gives every setting but the
 * seed and the logit bias; what it does not list is off (repeat penalty 1, frequency penalty 0). It does not switch
 * thinking on or off: {@link #thinking()} says which mode it was made for.
 */
public enum SamplingPreset {
    /** Qwen3.5 4B and larger, thinking. */
    QWEN35_THINKING("qwen3.5-thinking", true, 1.0f, 0.95f, 20, 1.5f, "Qwen3.5 4B and larger, thinking"),
    /** Qwen3.5 4B and larger, thinking, precise coding. */
    QWEN35_THINKING_CODING(
            "qwen3.5-thinking-coding", true, 0.6f, 0.95f, 20, 0, "Qwen3.5 4B and larger, thinking, precise coding"),
    /** Qwen3.5 4B and larger, non-thinking. */
    QWEN35_NOTHINK("qwen3.5-nothink", false, 0.7f, 0.8f, 20, 1.5f, "Qwen3.5 4B and larger, non-thinking"),
    /** Qwen3.5 4B and larger, non-thinking, reasoning (as on the 4B card; other cards have top-p 0.95). */
    QWEN35_NOTHINK_REASONING(
            "qwen3.5-nothink-reasoning",
            false,
            1.0f,
            1.0f,
            40,
            2.0f,
            "Qwen3.5 4B and larger, non-thinking, reasoning (as on the 4B card; other cards have top-p 0.95)"),
    /** Qwen3.5 0.8B and 2B, thinking. */
    QWEN35_SMALL_THINKING("qwen3.5-small-thinking", true, 1.0f, 0.95f, 20, 1.5f, "Qwen3.5 0.8B and 2B, thinking"),
    /** Qwen3.5 0.8B and 2B, thinking, precise coding. */
    QWEN35_SMALL_THINKING_CODING(
            "qwen3.5-small-thinking-coding", true, 0.6f, 0.95f, 20, 0, "Qwen3.5 0.8B and 2B, thinking, precise coding"),
    /** Qwen3.5 0.8B and 2B, non-thinking. */
    QWEN35_SMALL_NOTHINK("qwen3.5-small-nothink", false, 1.0f, 1.0f, 20, 2.0f, "Qwen3.5 0.8B and 2B, non-thinking"),
    /** Qwen3.6, thinking (presence penalty not confirmed). */
    QWEN36_THINKING("qwen3.6-thinking", true, 1.0f, 0.95f, 20, 0, "Qwen3.6, thinking (presence penalty not confirmed)"),
    /** Qwen3.6, thinking, precise coding. */
    QWEN36_THINKING_CODING("qwen3.6-thinking-coding", true, 0.6f, 0.95f, 20, 0, "Qwen3.6, thinking, precise coding"),
    /** Qwen3.6, non-thinking. */
    QWEN36_NOTHINK("qwen3.6-nothink", false, 0.7f, 0.8f, 20, 1.5f, "Qwen3.6, non-thinking"),
    /** Qwen3.8 27B, thinking. */
    QWEN38_THINKING("qwen3.8-thinking", true, 1.0f, 0.95f, 20, 0, "Qwen3.8 27B, thinking"),
    /** Qwen3.8 27B, non-thinking. */
    QWEN38_NOTHINK("qwen3.8-nothink", false, 0.7f, 0.8f, 20, 1.5f, "Qwen3.8 27B, non-thinking"),
    /** Qwen3-Next Thinking (not confirmed; presence penalty up to 2 against loops). */
    QWEN3_NEXT_THINKING(
            "qwen3-next-thinking",
            true,
            0.6f,
            0.95f,
            20,
            0,
            "Qwen3-Next Thinking (not confirmed; presence penalty up to 2 against loops)"),
    /** Qwen3-Next Instruct (not confirmed; presence penalty up to 2 against loops). */
    QWEN3_NEXT_INSTRUCT(
            "qwen3-next-instruct",
            false,
            0.7f,
            0.8f,
            20,
            0,
            "Qwen3-Next Instruct (not confirmed; presence penalty up to 2 against loops)"),
    /** Qwen3-Coder-Next (not confirmed). */
    QWEN3_CODER_NEXT("qwen3-coder-next", false, 1.0f, 0.95f, 40, 0, "Qwen3-Coder-Next (not confirmed)"),
    /** Qwen3, thinking (presence penalty up to 2 against loops). */
    QWEN3_THINKING(
            "qwen3-thinking", true, 0.6f, 0.95f, 20, 0, "Qwen3, thinking (presence penalty up to 2 against loops)"),
    /** Qwen3, non-thinking (presence penalty up to 2 against loops). */
    QWEN3_NOTHINK(
            "qwen3-nothink", false, 0.7f, 0.8f, 20, 0, "Qwen3, non-thinking (presence penalty up to 2 against loops)");

    private final String label;
    private final boolean thinking;
    private final float temperature;
    private final float topP;
    private final int topK;
    private final Penalties penalties;
    private final String description;

    SamplingPreset(
            String label,
            boolean thinking,
            float temperature,
            float topP,
            int topK,
            float presence,
            String description) {
        this.label = label;
        this.thinking = thinking;
        this.temperature = temperature;
        this.topP = topP;
        this.topK = topK;
        this.penalties = new Penalties(1, presence, 0, -1);
        this.description = description;
    }

    /**
     * {@return the preset of this label}
     *
     * @param label as {@link #label()} gives it
     * @throws IllegalArgumentException if there is none; the message lists all labels
     */
    public static SamplingPreset of(String label) {
        return Arrays.stream(values())
                .filter(preset -> preset.label.equals(label))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("'" + label + "' is not a preset; presets are "
                        + Arrays.stream(values()).map(SamplingPreset::label).collect(Collectors.joining(", "))));
    }

    /** {@return the name by which users ask for it, for example {@code qwen3.5-thinking}} */
    public String label() {
        return label;
    }

    /** {@return the models and the mode it is for, and what is uncertain about it} */
    public String description() {
        return description;
    }

    /** {@return whether it is for a model that thinks first} */
    public boolean thinking() {
        return thinking;
    }

    /** {@return the temperature, above 0} */
    public float temperature() {
        return temperature;
    }

    /** {@return how many of the most likely tokens are kept} */
    public int topK() {
        return topK;
    }

    /** {@return the probability that the tokens kept reach together} */
    public float topP() {
        return topP;
    }

    /** {@return off on every card} */
    public float minP() {
        return 0;
    }

    /** {@return the presence penalty of the card, over the whole sequence; the other penalties are off} */
    public Penalties penalties() {
        return penalties;
    }
}
