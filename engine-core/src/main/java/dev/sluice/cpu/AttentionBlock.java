package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.op.GatedHeads;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What one worker computes attention with: some rows, the query heads of one KV head, one block of the cache at a time.
 * Scores and weighted sums are products by {@link Gemm}, the heads of a row being the rows of a tile, so that keys and values are
 * read once for all of them, and no row sees what comes after it. The running result of a (row, head) is its largest score
 * {@code m}, {@code l = sum exp(score - m)} and {@code o = sum exp(score - m) value}; see Milakov and Gimelshein (2018).
 */
final class AttentionBlock {
    private static final int ROW_GROUPS = KvCache.BLOCK_ROWS / GROUP;
    private static final int ROWS_PITCH = Gemm.pitch(KvCache.BLOCK_ROWS);

    private final int heads; // query heads of a KV head
    private final int slots; // the same, rounded up to whole tiles
    private final int length;
    private final int valueGroups;
    private final float scale;

    private final float[] query; // [rows], each packed: slots x head length
    private final float[] panel; // [head length or rows of a block][GROUP]
    private final float[] scores; // [rows][ROW_GROUPS][slots][GROUP]
    private final float[] weights; // [rows], each packed: slots x visible rows
    private final float[] line = new float[KvCache.BLOCK_ROWS];
    private final float[] chains = new float[4 * Gemm.TILE * GROUP];
    private final float[] results;
    private final float[] room; // [head length]

    private final float[] max; // [rows][heads]
    private final float[] sum; // [rows][heads]
    private final float[] mixed; // [rows][heads][valueGroups * GROUP]

    private MemorySegment memory; // of the block
    private boolean direct; // panels are used as they are in memory
    private int kvHead;
    private int first; // row of the step
    private int count;

    /** @param rows most rows at once */
    AttentionBlock(GatedHeads config, int rows) {
        heads = config.heads() / config.kvHeads();
        slots = Math.ceilDiv(heads, Gemm.SMALL_TILE) * Gemm.SMALL_TILE;
        length = config.headLength();
        valueGroups = KvCache.valueGroups(length);
        scale = config.scale();
        query = new float[rows * slots * Gemm.packed(length)];
        panel = new float[Math.max(Gemm.packed(length), KvCache.BLOCK_ROWS) * GROUP];
        scores = new float[rows * ROW_GROUPS * slots * GROUP];
        weights = new float[rows * slots * KvCache.BLOCK_ROWS];
        results = new float[size(rows)];
        room = new float[length];
        max = new float[rows * heads];
        sum = new float[rows * heads];
        mixed = new float[rows * heads * valueGroups * GROUP];
    }

    boolean fits(GatedHeads config) {
        return heads == config.heads() / config.kvHeads() && length == config.headLength() && scale == config.scale();
    }

    /**
     * Values of the results of one block for {@code count} rows: for each row and head m and l, then o,
     * {@code [count][valueGroups][slots][GROUP]}.
     */
    int size(int count) {
        return count * (2 * heads + valueGroups * slots * GROUP);
    }

    /** Room for the results of one block. */
    float[] results() {
        return results;
    }

    /** Takes the queries of rows {@code first} to {@code first + count} of the step, and forgets earlier results. */
    void begin(int kvHead, CpuBuf q, int first, int count) {
        this.kvHead = kvHead;
        this.first = first;
        this.count = count;
        Arrays.fill(max, 0, count * heads, Float.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, count * heads, 0);
        Arrays.fill(mixed, 0, count * heads * valueGroups * GROUP, 0);
        for (int i = 0; i < count; i++) {
            for (int h = 0; h < heads; h++) {
                int at = q.row(first + i) + (kvHead * heads + h) * 2 * length;
                Products.pack(q.data(), at, length, h, slots, query, i * slots * Gemm.packed(length));
            }
        }
    }

    /**
     * The results of one block.
     *
     * @param index of the first row in its sequence; a row sees the keys up to its own
     * @param out receives them from {@code at}
     */
    void compute(KvCache cache, int block, int index, float[] out, int at) {
        int start = block * KvCache.BLOCK_ROWS;
        int loaded = visible(index + count - 1 - start);
        memory = cache.memory(block);
        direct = count == 1 && slots < Gemm.TILE && cache.isHalf(); // no other row would use a panel
        for (int j = 0; j * GROUP < loaded; j++) {
            if (!direct) {
                cache.keys(block, kvHead, j, panel);
            }
            for (int i = 0; i < count; i++) {
                if (j * GROUP < visible(index + i - start)) {
                    scores(i, j, cache.keysAt(kvHead, j));
                }
            }
        }
        for (int i = 0; i < count; i++) {
            for (int h = 0; h < heads; h++) {
                softmax(i, h, visible(index + i - start), out, at + 2 * (i * heads + h));
            }
        }
        int values = at + 2 * count * heads;
        for (int c = 0; c < valueGroups; c++) {
            if (!direct) {
                cache.values(block, kvHead, c, loaded, panel);
            }
            for (int i = 0; i < count; i++) {
                int to = values + (i * valueGroups + c) * slots * GROUP;
                Arrays.fill(out, to, to + slots * GROUP, 0);
                int x = i * slots * KvCache.BLOCK_ROWS;
                multiply(weights, x, 0, cache.valuesAt(kvHead, c), visible(index + i - start), ROWS_PITCH, out, to);
            }
        }
        memory = null;
    }

    /** The queries of a row times the keys of a group of rows. */
    private void scores(int row, int group, long keysAt) {
        int to = (row * ROW_GROUPS + group) * slots * GROUP;
        Arrays.fill(scores, to, to + slots * GROUP, 0);
        for (int from = 0; from < length; from += CpuWeight.BLOCK_COLUMNS) {
            int columns = Math.min(CpuWeight.BLOCK_COLUMNS, length - from);
            int x = (row * Gemm.packed(length) + from) * slots;
            long at = keysAt + (long) from * GROUP;
            multiply(query, x, from * GROUP, at, columns, Gemm.pitch(columns), scores, to);
        }
    }

    /** Packed rows times the panel that was read, or times the same panel in the cache. */
    private void multiply(
            float[] x, int xAt, int panelAt, long memoryAt, int columns, int pitch, float[] sums, int sumsAt) {
        if (direct) {
            long at = Short.BYTES * memoryAt;
            HalfPanel.multiply(x, xAt, slots, memory, at, columns, pitch, sums, sumsAt, chains);
        } else {
            Gemm.multiply(x, xAt, slots, panel, panelAt, columns, pitch, sums, sumsAt, chains);
        }
    }

    /** Rows of a block that a row sees which is {@code distance} behind the block's first. */
    private static int visible(int distance) {
        return Math.clamp(distance + 1L, 0, KvCache.BLOCK_ROWS);
    }

    /** Writes m and l of the visible scores of a row and head, and packs the exponentials. */
    private void softmax(int i, int h, int visible, float[] out, int at) {
        int from = (i * ROW_GROUPS * slots + h) * GROUP;
        FloatVector bests = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        int t = 0;
        for (; t <= visible - LANES; t += LANES) {
            FloatVector v = FloatVector.fromArray(F, scores, from + t / GROUP * slots * GROUP + t % GROUP)
                    .mul(scale);
            v.intoArray(line, t);
            bests = bests.max(v);
        }
        float best = bests.reduceLanes(VectorOperators.MAX);
        for (; t < visible; t++) {
            line[t] = scale * scores[from + t / GROUP * slots * GROUP + t % GROUP];
            best = Math.max(best, line[t]);
        }
        for (t = 0; t < visible; t++) {
            line[t] -= best;
        }
        Activations.exp(line, 0, visible);
        out[at] = best;
        out[at + 1] = sum(line, visible);
        if (visible > 0) {
            // All of the block, whatever stands behind: the products take the visible ones.
            Products.pack(line, 0, KvCache.BLOCK_ROWS, h, slots, weights, i * slots * KvCache.BLOCK_ROWS);
        }
    }

    /** In an order of its own, the same at every vector width. */
    private static float sum(float[] x, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int t = 0;
        for (; t <= count - 4; t += 4) {
            a += x[t];
            b += x[t + 1];
            c += x[t + 2];
            d += x[t + 3];
        }
        for (; t < count; t++) {
            a += x[t];
        }
        return (a + b) + (c + d);
    }

    /** Adds the results of the next block, which begin at {@code at}. */
    void merge(float[] block, int at) {
        for (int i = 0; i < count; i++) {
            for (int h = 0; h < heads; h++) {
                int slot = i * heads + h;
                float m = block[at + 2 * slot];
                if (m == Float.NEGATIVE_INFINITY) { // the row sees nothing of the block
                    continue;
                }
                float best = Math.max(max[slot], m);
                float old = Activations.exp(max[slot] - best);
                float add = Activations.exp(m - best);
                max[slot] = best;
                sum[slot] = Math.fma(block[at + 2 * slot + 1], add, sum[slot] * old);
                int o = at + 2 * count * heads + (i * valueGroups * slots + h) * GROUP;
                for (int c = 0; c < valueGroups; c++) {
                    addScaled(old, mixed, (slot * valueGroups + c) * GROUP, add, block, o + c * slots * GROUP);
                }
            }
        }
    }

    /** {@code y = old * y + add * x}, for a group of values. */
    private static void addScaled(float old, float[] y, int yAt, float add, float[] x, int xAt) {
        for (int r = 0; r < GROUP; r += LANES) {
            FloatVector.fromArray(F, x, xAt + r)
                    .fma(
                            FloatVector.broadcast(F, add),
                            FloatVector.fromArray(F, y, yAt + r).mul(old))
                    .intoArray(y, yAt + r);
        }
    }

    /** Writes the gated output of the rows. */
    void finish(CpuBuf q, CpuBuf out) {
        for (int i = 0; i < count; i++) {
            for (int h = 0; h < heads; h++) {
                int slot = i * heads + h;
                int head = kvHead * heads + h;
                int gate = q.row(first + i) + (2 * head + 1) * length;
                int to = out.row(first + i) + head * length;
                int from = slot * valueGroups * GROUP;
                Activations.gate(1 / sum[slot], mixed, from, q.data(), gate, out.data(), to, length, room);
            }
        }
    }
}
