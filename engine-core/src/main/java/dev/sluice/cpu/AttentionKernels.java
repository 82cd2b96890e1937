package dev.sluice.cpu;

import dev.sluice.op.GatedHeads;
import dev.sluice.op.Norm;
import dev.sluice.op.Rope;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;
import java.util.Arrays;

/**
 * The verbs of a gated attention layer. Attention is an online softmax over the cache's blocks, parallel over KV
 * heads and rows; the blocks lie at fixed places of the sequence, so that a row adds in the same order however a prompt was cut.
 */
final class AttentionKernels {
    private static final int ROWS_PER_PART = 16;

    private final Workers workers;
    private final RotaryTable rotary;
    private final Scratch[] scratch;

    AttentionKernels(Workers workers) {
        this.workers = workers;
        this.rotary = new RotaryTable(workers);
        this.scratch = new Scratch[workers.size()];
    }

    /** Another step begins. */
    void newStep() {
        rotary.clear();
    }

    /**
     * Norm and rotation of the first {@code length} values of each head.
     *
     * @param pitch values from one head to the next
     */
    void normRope(int heads, int pitch, Norm norm, Rope rope, Step step, CpuBuf x) {
        int length = norm.weight().length();
        int pairs = rope.dimensions() / 2;
        double[] angles = rotary.of(rope, step);
        workers.run(step.rows(), (row, worker) -> {
            for (int h = 0; h < heads; h++) {
                int at = x.row(row) + h * pitch;
                RowKernels.rmsNorm(norm, x.data(), at, x.data(), at, length);
                rotate(angles, row * 2 * pairs, pairs, x.data(), at);
            }
        });
    }

    private static void rotate(double[] angles, int cosines, int pairs, float[] x, int at) {
        int sines = cosines + pairs;
        for (int i = 0; i < pairs; i++) {
            double a = x[at + i];
            double b = x[at + pairs + i];
            x[at + i] = (float) (a * angles[cosines + i] - b * angles[sines + i]);
            x[at + pairs + i] = (float) (a * angles[sines + i] + b * angles[cosines + i]);
        }
    }

    void attend(GatedHeads heads, Step step, CpuBuf q, CpuBuf k, CpuBuf v, CpuBuf out) {
        for (int span = 0; span < step.spans(); span++) {
            SequenceState sequence = step.spanState(span);
            KvCache cache = (KvCache) sequence.layer(heads.layer());
            int index = sequence.length();
            int first = step.spanFirst(span);
            int count = step.spanCount(span);
            cache.reserve(index, index + count);
            workers.run(
                    count,
                    (i, worker) -> cache.store(index + i, k.data(), k.row(first + i), v.data(), v.row(first + i)));
            int chunks = (count + ROWS_PER_PART - 1) / ROWS_PER_PART;
            workers.run(heads.kvHeads() * chunks, (part, worker) -> {
                int from = part / heads.kvHeads() * ROWS_PER_PART;
                int to = Math.min(count, from + ROWS_PER_PART);
                attendHead(
                        heads, cache, part % heads.kvHeads(), index, first, from, to, q, out, scratch(worker, heads));
            });
        }
    }

    /** Rows {@code from} to {@code to} of a span, for the query heads of one KV head. */
    private static void attendHead(
            GatedHeads heads,
            KvCache cache,
            int kvHead,
            int index,
            int first,
            int from,
            int to,
            CpuBuf q,
            CpuBuf out,
            Scratch s) {
        int length = heads.headLength();
        int group = heads.heads() / heads.kvHeads();
        Arrays.fill(s.max, Float.NEGATIVE_INFINITY);
        Arrays.fill(s.sum, 0);
        Arrays.fill(s.mixed, 0);
        int seen = index + to; // keys that the last row sees
        for (int block = 0; block * KvCache.BLOCK_ROWS < seen; block++) {
            int start = block * KvCache.BLOCK_ROWS;
            int loaded = Math.min(KvCache.BLOCK_ROWS, seen - start);
            cache.load(block, 0, loaded, kvHead * length, length, s.keys);
            cache.load(block, 1, loaded, kvHead * length, length, s.values);
            for (int i = from; i < to; i++) {
                int visible = Math.min(loaded, index + i + 1 - start);
                if (visible <= 0) {
                    continue;
                }
                for (int g = 0; g < group; g++) {
                    int query = q.row(first + i) + (kvHead * group + g) * 2 * length;
                    s.addBlock((i - from) * group + g, q.data(), query, visible, length, heads.scale());
                }
            }
        }
        for (int i = from; i < to; i++) {
            for (int g = 0; g < group; g++) {
                int slot = (i - from) * group + g;
                int head = kvHead * group + g;
                int gate = q.row(first + i) + (2 * head + 1) * length;
                int o = out.row(first + i) + head * length;
                float norm = 1 / s.sum[slot];
                Activations.gate(norm, s.mixed, slot * length, q.data(), gate, out.data(), o, length);
            }
        }
    }

    private Scratch scratch(int worker, GatedHeads heads) {
        int slots = ROWS_PER_PART * (heads.heads() / heads.kvHeads());
        Scratch s = scratch[worker];
        if (s == null || s.max.length != slots || s.keys.length != KvCache.BLOCK_ROWS * heads.headLength()) {
            s = new Scratch(slots, heads.headLength());
            scratch[worker] = s;
        }
        return s;
    }

    /** One worker's block of keys and values, and the running softmax of each (row, query head) slot. */
    private static final class Scratch {
        final float[] keys;
        final float[] values;
        final float[] scores = new float[KvCache.BLOCK_ROWS];
        final float[] max;
        final float[] sum;
        final float[] mixed;

        Scratch(int slots, int length) {
            keys = new float[KvCache.BLOCK_ROWS * length];
            values = new float[KvCache.BLOCK_ROWS * length];
            max = new float[slots];
            sum = new float[slots];
            mixed = new float[slots * length];
        }

        void addBlock(int slot, float[] q, int query, int visible, int length, float scale) {
            float best = max[slot];
            for (int t = 0; t < visible; t++) {
                scores[t] = scale * Simd.dot(q, query, keys, t * length, length);
                best = Math.max(best, scores[t]);
            }
            int at = slot * length;
            if (best > max[slot] && sum[slot] > 0) {
                float shrink = Activations.exp(max[slot] - best);
                sum[slot] *= shrink;
                for (int c = 0; c < length; c++) {
                    mixed[at + c] *= shrink;
                }
            }
            max[slot] = best;
            for (int t = 0; t < visible; t++) {
                float p = Activations.exp(scores[t] - best);
                sum[slot] += p;
                Simd.addScaled(p, values, t * length, mixed, at, length);
            }
        }
    }
}
