package dev.sluice.sample;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * Draws token ids from logits. The options apply in the order of Hugging Face and vLLM (llama.cpp divides by the
 * temperature last, which keeps other tokens): logit bias, penalties, temperature, top-k, top-p, min-p, then the draw.
 * From the temperature on, each sees the probabilities that the step before it left, scaled to a sum of 1. Among equal
 * logits the lower id comes first.
 *
 * <p>Penalties look at the tokens that were accepted: a caller hands over the prompt once, then each token that becomes
 * part of the sequence. A draw accepts nothing by itself.
 *
 * <p>At temperature 0 the result is the id of the largest logit after bias and penalties, the lowest such id on ties;
 * nothing random is consumed. Otherwise each draw consumes one number of the generator, SplitMix64 started at the seed, of
 * which the upper 53 bits make a fraction in [0, 1). Same options, same logits, same calls: same ids.
 *
 * <p>Banned ids and those with a logit of negative infinity are never drawn and count for nothing.
 *
 * <p>Not thread-safe. Keeps about 16 bytes per candidate between calls: {@code topK} candidates, or all ids where top-k
 * is off; with penalties, 4 bytes per token accepted and 8 per id up to the largest.
 */
public final class Sampler {

    private final SamplingOptions options;
    private final BitSet banned;
    private final LogitAdjustments adjustments;
    private long state;

    /**
     * The candidates of the current call. A key has the logit in its upper half and the complement of the id in its lower,
     * such that a greater key is a better candidate.
     */
    private long[] keys = new long[0];

    /** Probabilities of the candidates, relative to that of the best one. */
    private double[] weights = new double[0];

    /**
     * A sampler at the start of its random sequence, with no tokens accepted.
     *
     * @param banned ids that are never drawn, whatever their logits; copied
     * @param options how tokens are chosen
     */
    public Sampler(SamplingOptions options, BitSet banned) {
        this.options = options;
        this.banned = (BitSet) banned.clone();
        options.logitBias().forEach((id, bias) -> {
            if (bias == Float.NEGATIVE_INFINITY) {
                this.banned.set(id);
            }
        });
        adjustments = new LogitAdjustments(options);
        state = options.seed();
    }

    private Sampler(Sampler other) {
        options = other.options;
        banned = other.banned;
        adjustments = other.adjustments.copy();
        state = other.state;
    }

    /** {@return an independent sampler that has accepted the same tokens and will draw what this one would} */
    public Sampler copy() {
        return new Sampler(this);
    }

    /**
     * Tells the sampler what the sequence holds before anything is generated.
     *
     * @param tokens ids of at least 0, oldest first
     * @throws IllegalStateException if a generated token was accepted before
     */
    public void acceptPrompt(List<Integer> tokens) {
        adjustments.acceptPrompt(tokens);
    }

    /**
     * Tells the sampler that a generated token is now part of the sequence.
     *
     * @param token an id of at least 0
     */
    public void accept(int token) {
        adjustments.accept(token);
    }

    /**
     * Draws an id.
     *
     * @param logits holds one logit for each id; not modified
     * @param offset index in {@code logits} of the logit of id 0
     * @param length number of ids
     * @return an id from 0 to {@code length - 1}
     * @throws IllegalStateException if a logit is NaN, other than those of banned ids, or if no id may be drawn
     * @throws IndexOutOfBoundsException if the range is not within {@code logits}
     */
    public int sample(float[] logits, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, logits.length);
        if (options.temperature() == 0) {
            select(logits, offset, length, 1);
            return id(keys[0]);
        }
        int topK = options.topK() == 0 ? length : Math.min(options.topK(), length);
        int count = select(logits, offset, length, topK);
        if (weights.length < keys.length) {
            weights = new double[keys.length];
        }
        long best = keys[0];
        for (int i = 1; i < count; i++) {
            best = Math.max(best, keys[i]);
        }
        float largest = logit(best);
        double total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = weight(keys[i], largest);
            total += weights[i];
        }
        if (options.topP() == 1) {
            count = keepFrom(options.minP(), count);
            return draw(0, count);
        }
        // Candidates below their even share of what top-p discards cannot be among those it keeps, so they need no
        // sorting.
        double share = (1.0 - options.topP()) * total / count;
        count = keepFrom(Math.max(share, options.minP()), count);
        Arrays.sort(keys, 0, count);
        int first = count;
        double sum = 0;
        do {
            first--;
            weights[first] = weight(keys[first], largest);
            sum += weights[first];
        } while (first > 0 && sum < options.topP() * total);
        return draw(first, count);
    }

    /**
     * Puts the {@code k} best candidates into {@code keys}, or as many as there are, in no particular order.
     *
     * @return their number, at least 1
     */
    private int select(float[] logits, int offset, int length, int k) {
        if (keys.length < k) {
            keys = new long[k];
        }
        BitSet changed = adjustments.changed();
        int nextChanged = changed.nextSetBit(0);
        int count = 0;
        // Later ids lose ties, so once there are k candidates only a greater logit can displace one.
        float least = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < length; id++) {
            float logit = logits[offset + id];
            if (id == nextChanged) {
                logit = adjustments.apply(id, logit);
                nextChanged = changed.nextSetBit(id + 1);
            }
            if (logit <= least || banned.get(id)) {
                continue;
            }
            if (Float.isNaN(logit)) {
                throw new IllegalStateException("the logit of id " + id + " is NaN");
            }
            if (count < k) {
                keys[count++] = key(logit, id);
                if (count < k) {
                    continue;
                }
                for (int i = k / 2 - 1; i >= 0; i--) {
                    siftDown(i, k);
                }
            } else {
                keys[0] = key(logit, id);
                siftDown(0, k);
            }
            least = logit(keys[0]);
        }
        if (count == 0) {
            throw new IllegalStateException(
                    "none of the " + length + " ids can be drawn: each is banned or has a logit of negative infinity");
        }
        return count;
    }

    /** Restores the heap of the first {@code size} keys, least on top, where only {@code i} may be out of place. */
    private void siftDown(int i, int size) {
        long key = keys[i];
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && keys[child + 1] < keys[child]) {
                child++;
            }
            if (key <= keys[child]) {
                break;
            }
            keys[i] = keys[child];
            i = child;
        }
        keys[i] = key;
    }

    /** Drops the candidates whose weight is below {@code floor} or zero; returns how many stay. */
    private int keepFrom(double floor, int count) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= floor && weights[i] > 0) {
                keys[kept] = keys[i];
                weights[kept++] = weights[i];
            }
        }
        return kept;
    }

    /** One of the candidates {@code from .. to-1}, each as probable as its weight says. */
    private int draw(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += weights[i];
        }
        double rest = nextFraction() * sum;
        for (int i = from; i < to - 1; i++) {
            rest -= weights[i];
            if (rest < 0) {
                return id(keys[i]);
            }
        }
        return id(keys[to - 1]);
    }

    /** SplitMix64 (Steele, Lea and Flood, 2014). */
    private double nextFraction() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }

    private double weight(long key, float largest) {
        float logit = logit(key);
        // Without the comparison an infinite logit would subtract from itself.
        return logit == largest ? 1 : Math.exp(((double) logit - largest) / options.temperature());
    }

    private static long key(float logit, int id) {
        int bits = Float.floatToRawIntBits(logit + 0f); // makes the zeros equal
        return (long) ordered(bits) << 32 | ~id & 0xffffffffL;
    }

    private static int id(long key) {
        return ~(int) key;
    }

    private static float logit(long key) {
        return Float.intBitsToFloat(ordered((int) (key >> 32)));
    }

    /** Maps the bits of a float to an integer of the same order, and back. */
    private static int ordered(int bits) {
        return bits ^ bits >> 31 & 0x7fffffff;
    }
}
