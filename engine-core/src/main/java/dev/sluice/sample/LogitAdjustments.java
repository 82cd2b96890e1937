package dev.sluice.sample;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What is done to raw logits before anything else: the logit bias, then the penalties for the tokens of the sequence.
 * Counts are kept as tokens come, so that a draw has to look only at the ids that {@link #changed()} names.
 */
final class LogitAdjustments {
    private final Map<Integer, Float> bias;
    private final Penalties penalties;
    private final BitSet changed = new BitSet();

    /** The prompt and what was generated since, in order. */
    private int[] sequence = new int[0];

    private int length;
    private int promptLength;

    /** How often each id is in the window, and how often as a generated token; indexed by id, as long as the ids seen ask. */
    private int[] occurrences = new int[0];

    private int[] generated = new int[0];

    /** Whether the prompt is complete. */
    private boolean generating;

    LogitAdjustments(SamplingOptions options) {
        bias = options.logitBias();
        penalties = options.penalties();
        bias.keySet().forEach(changed::set);
    }

    private LogitAdjustments(LogitAdjustments other) {
        bias = other.bias;
        penalties = other.penalties;
        changed.or(other.changed);
        sequence = other.sequence.clone();
        length = other.length;
        promptLength = other.promptLength;
        occurrences = other.occurrences.clone();
        generated = other.generated.clone();
        generating = other.generating;
    }

    LogitAdjustments copy() {
        return new LogitAdjustments(this);
    }

    void acceptPrompt(List<Integer> tokens) {
        if (generating) {
            throw new IllegalStateException("the prompt comes before what is generated");
        }
        if (penalties.areNone() || penalties.repeat() == 1) {
            return; // nothing looks at the prompt
        }
        promptLength += tokens.size();
        tokens.forEach(this::append);
    }

    void accept(int token) {
        generating = true;
        if (!penalties.areNone()) {
            append(token);
        }
    }

    private void append(int token) {
        if (length == sequence.length) {
            sequence = Arrays.copyOf(sequence, Math.max(64, 2 * length));
        }
        sequence[length] = token;
        count(length++, 1);
        if (penalties.lastN() >= 0 && length > penalties.lastN()) {
            count(length - 1 - penalties.lastN(), -1);
        }
    }

    /** Counts the token at this place of the sequence in, or out. */
    private void count(int index, int change) {
        int token = sequence[index];
        if (token >= occurrences.length) {
            int ids = Math.max(token + 1, 2 * occurrences.length);
            occurrences = Arrays.copyOf(occurrences, ids);
            generated = Arrays.copyOf(generated, ids);
        }
        occurrences[token] += change;
        if (index >= promptLength) {
            generated[token] += change;
        }
        changed.set(token, occurrences[token] > 0 || bias.containsKey(token));
    }

    /** Ids whose logits may differ from the raw ones; not to be modified. */
    BitSet changed() {
        return changed;
    }

    /** The logit that takes the place of a raw one. A finite one stays finite, the others stay as they are. */
    float apply(int id, float logit) {
        if (!Float.isFinite(logit)) {
            return logit;
        }
        Float added = bias.get(id);
        float adjusted = added == null ? logit : logit + added; // 0 added would turn -0 into 0
        if (id < occurrences.length && occurrences[id] > 0) {
            adjusted = penalties.apply(adjusted, generated[id]);
        }
        return Math.clamp(adjusted, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}
