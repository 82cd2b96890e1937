package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.op.GatedHeads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What one worker computes attention with: some rows, the query heads of one KV head, one block of the cache at a time.
 * Scores and weighted sums are products by {@link Gemm}. What it calls rows are here pairs of a row and a head, the heads of a
 * row side by side: so tiles are full, and keys and values are read once for all of them. The pairs go band by band through a
 * block: what lies between its keys and its values is small enough for the nearest cache, and the panels of the block are
 * converted once for all bands. The running result of a pair is its
 * largest score {@code m}, {@code l = sum exp(score - m)} and {@code o = sum exp(score - m) value}; see Milakov and
 * Gimelshein (2018).
 *
 * <p>A pair sees the keys up to its own row, a band what its last pair sees. The scores of the others are not read, and their
 * weights are 0. Thus where the values of a row are infinite, the results of a few rows before it become NaN.
 */
final class AttentionBlock {
    private static final int ROW_GROUPS = KvCache.BLOCK_ROWS / GROUP;
    private static final int ROWS_PITCH = Gemm.pitch(KvCache.BLOCK_ROWS);

    /** Pairs of a band: whole tiles, so few that scores and results lie near, so many that a panel which comes from farther is used. */
    private static final int BAND = 24;

    /** Most pairs of a single row for which panels are multiplied as they lie in the cache: each tile converts them anew. */
    private static final int DIRECT_PAIRS = 8;

    private final int heads; // query heads of a KV head
    private final int length;
    private final int valueGroups;
    private final float scale;

    private final float[] query; // packed: pairs x head length
    private final float[] keys; // [ROW_GROUPS][4 chains][pitch][GROUP]: the panels of a block
    private final float[] values; // [valueGroups][4 chains][ROWS_PITCH][GROUP]
    private final float[] scores = Apart.floats(ROW_GROUPS * BAND * GROUP); // [ROW_GROUPS][height of the band][GROUP]
    private final float[] lines = Apart.floats(BAND * Gemm.LINE); // [BAND][rows of a block]
    private final float[] results; // of a band
    private final float[] room; // [head length]

    private final float[] max; // [pairs]
    private final float[] sum; // [pairs]
    private final float[] mixed; // [pairs][valueGroups * GROUP]

    private int kvHead;
    private int first; // row of the step
    private int count;
    private int pairs;
    private int padded; // pairs, filled up to whole tiles

    /** @param rows most rows at once */
    AttentionBlock(GatedHeads config, int rows) {
        heads = config.heads() / config.kvHeads();
        length = config.headLength();
        valueGroups = KvCache.valueGroups(length);
        scale = config.scale();
        query = Apart.floats(padded(rows) * Gemm.packed(length));
        keys = Apart.floats(ROW_GROUPS * Gemm.packed(length) * GROUP);
        values = Apart.floats(valueGroups * KvCache.BLOCK_ROWS * GROUP);
        results = Apart.floats(BAND * pairResults());
        room = Apart.floats(length);
        max = Apart.floats(rows * heads);
        sum = Apart.floats(rows * heads);
        mixed = Apart.floats(rows * heads * valueGroups * GROUP);
    }

    /** Pairs of {@code rows} rows, filled up to whole tiles. */
    private int padded(int rows) {
        return Math.ceilDiv(rows * heads, Gemm.SMALL_TILE) * Gemm.SMALL_TILE;
    }

    boolean fits(GatedHeads config) {
        return heads == config.heads() / config.kvHeads() && length == config.headLength() && scale == config.scale();
    }

    /** Values of the results of one pair: m, l and o. */
    private int pairResults() {
        return 2 + valueGroups * GROUP;
    }

    /**
     * Values of the results of one block for {@code rows} rows, band after band: for each pair m and l, then o,
     * {@code [valueGroups][height of the band][GROUP]}.
     */
    int size(int rows) {
        return padded(rows) * pairResults();
    }

    /** Rows {@code first} to {@code first + count} of the step are next; forgets earlier results. */
    void begin(int kvHead, int first, int count) {
        this.kvHead = kvHead;
        this.first = first;
        this.count = count;
        pairs = count * heads;
        padded = padded(count);
        Arrays.fill(max, 0, pairs, Float.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, pairs, 0);
        Arrays.fill(mixed, 0, pairs * valueGroups * GROUP, 0);
    }

    /** Takes the queries of the rows, for a cache whose panels are not used as they are. */
    void pack(KvCache cache, CpuBuf q) {
        for (int pair = 0; pair < pairs && !isDirect(cache); pair++) {
            Products.pack(q.data(), queryAt(q, pair), length, pair, padded, query, 0);
        }
    }

    private int queryAt(CpuBuf q, int pair) {
        return q.row(first + pair / heads) + (kvHead * heads + pair % heads) * 2 * length;
    }

    /** Whether panels are used as they are in the cache: no other row would use a decoded one. */
    private boolean isDirect(KvCache cache) {
        return count == 1 && pairs <= DIRECT_PAIRS && cache.hasFiniteHalves();
    }

    /** Pairs of the band that begins at pair {@code from}, filled up to whole tiles. */
    private int height(int from) {
        return Math.min(BAND, padded - from);
    }

    /**
     * The results of one block.
     *
     * @param index of the first row in its sequence
     * @param out receives them from {@code at}
     */
    void compute(KvCache cache, CpuBuf q, int block, int index, float[] out, int at) {
        for (int from = 0; from < pairs; from += BAND) {
            compute(cache, q, block, index, from, out, at + from * pairResults());
        }
    }

    /** Adds the results of the next block, computed band by band. */
    void add(KvCache cache, CpuBuf q, int block, int index) {
        for (int from = 0; from < pairs; from += BAND) {
            compute(cache, q, block, index, from, results, 0);
            merge(from, results, 0);
        }
    }

    /** The results of the pairs of one band; the first band brings the panels. */
    private void compute(KvCache cache, CpuBuf q, int block, int index, int from, float[] out, int at) {
        int to = Math.min(pairs, from + BAND);
        int height = height(from);
        int distance = index - block * KvCache.BLOCK_ROWS;
        int o = at + 2 * height;
        Arrays.fill(scores, 0, ROW_GROUPS * height * GROUP, 0);
        Arrays.fill(out, o, o + valueGroups * height * GROUP, 0);
        if (isDirect(cache)) {
            int loaded = visible(distance);
            directScores(cache, block, loaded, q, height);
            softmax(from, to, height, distance, out, at);
            directValues(cache, block, loaded, out, o, height);
            return;
        }
        int seen = visible(distance + (to - 1) / heads);
        int loaded = visible(distance + count - 1);
        for (int j = 0; j * GROUP < (from == 0 ? loaded : seen); j++) {
            int panel = slot(j) * Gemm.packed(length) * GROUP;
            if (from == 0) {
                cache.keys(block, kvHead, j, keys, panel);
            }
            for (int c = 0; c < length && j * GROUP < seen; c += CpuWeight.BLOCK_COLUMNS) {
                int columns = Math.min(CpuWeight.BLOCK_COLUMNS, length - c);
                int pitch = Gemm.pitch(columns);
                int x = c * padded + from * 4 * pitch;
                Gemm.multiply(query, x, height, keys, panel + c * GROUP, columns, pitch, scores, j * height * GROUP);
            }
        }
        softmax(from, to, height, distance, out, at);
        for (int c = 0; c < valueGroups; c++) {
            int panel = slot(c) * KvCache.BLOCK_ROWS * GROUP;
            if (from == 0) {
                cache.values(block, kvHead, c, loaded, values, panel);
            }
            Gemm.multiplyLines(lines, 0, height, values, panel, seen, ROWS_PITCH, out, o + c * height * GROUP);
        }
    }

    /** Where a panel goes: those of a single band are not kept, and stay near. */
    private int slot(int panel) {
        return pairs <= BAND ? 0 : panel;
    }

    private void directScores(KvCache cache, int block, int loaded, CpuBuf q, int height) {
        for (int j = 0; j * GROUP < loaded; j++) {
            for (int from = 0; from < length; from += CpuWeight.BLOCK_COLUMNS) {
                int columns = Math.min(CpuWeight.BLOCK_COLUMNS, length - from);
                HalfPanel.multiply(
                        q.data(),
                        queryAt(q, 0) + from,
                        2 * length,
                        pairs,
                        cache.memory(block),
                        cache.keysAt(kvHead, j) + (long) from * GROUP,
                        columns,
                        Gemm.pitch(columns),
                        scores,
                        j * height * GROUP);
            }
        }
    }

    private void directValues(KvCache cache, int block, int loaded, float[] out, int at, int height) {
        for (int c = 0; c < valueGroups; c++) {
            HalfPanel.multiply(
                    lines,
                    0,
                    Gemm.LINE,
                    pairs,
                    cache.memory(block),
                    cache.valuesAt(kvHead, c),
                    loaded,
                    ROWS_PITCH,
                    out,
                    at + c * height * GROUP);
        }
    }

    /** Rows of a block that a row sees which is {@code distance} behind the block's first. */
    private static int visible(int distance) {
        return Math.clamp(distance + 1L, 0, KvCache.BLOCK_ROWS);
    }

    /**
     * Writes m and l of pairs {@code from} to {@code to}. Their exponentials, 0 where a pair sees nothing, stay in {@link #lines}.
     * All of the lines go through one loop, whatever they hold: a loop for each would cost more.
     */
    private void softmax(int from, int to, int height, int distance, float[] out, int at) {
        for (int pair = from; pair < to; pair++) {
            int visible = visible(distance + pair / heads);
            int groups = Math.ceilDiv(visible, GROUP);
            int row = (pair - from) * GROUP;
            if (visible % GROUP != 0) {
                int end = (groups - 1) * height * GROUP + row + GROUP;
                Arrays.fill(scores, end - GROUP + visible % GROUP, end, Float.NEGATIVE_INFINITY);
            }
            int line = (pair - from) * Gemm.LINE;
            float best = scaled(scale, scores, row, height * GROUP, groups, lines, line);
            subtract(best, lines, line, groups * GROUP);
            out[at + 2 * (pair - from)] = best;
        }
        Activations.exp(lines, 0, (to - from) * Gemm.LINE);
        for (int pair = from; pair < to; pair++) {
            int line = (pair - from) * Gemm.LINE;
            int visible = visible(distance + pair / heads);
            Arrays.fill(lines, line + visible, line + Gemm.LINE, 0);
            out[at + 2 * (pair - from) + 1] = sum(lines, line, visible);
        }
    }

    /** Scores of a pair by the scale, from groups that are {@code stride} apart to a line; returns the largest. */
    private static float scaled(
            float scale, float[] scores, int from, int stride, int groups, float[] lines, int line) {
        FloatVector a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        for (int g = 0; g < groups; g++) {
            FloatVector u = FloatVector.fromArray(F, scores, from + g * stride).mul(scale);
            FloatVector v =
                    FloatVector.fromArray(F, scores, from + g * stride + LANES).mul(scale);
            u.intoArray(lines, line + g * GROUP);
            v.intoArray(lines, line + g * GROUP + LANES);
            a = a.max(u);
            b = b.max(v);
        }
        return a.max(b).reduceLanes(VectorOperators.MAX);
    }

    private static void subtract(float best, float[] lines, int line, int length) {
        for (int t = 0; t < length; t += LANES) {
            FloatVector.fromArray(F, lines, line + t).sub(best).intoArray(lines, line + t);
        }
    }

    /** In an order of its own, the same at every vector width. */
    private static float sum(float[] x, int at, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int t = 0;
        for (; t <= count - 4; t += 4) {
            a += x[at + t];
            b += x[at + t + 1];
            c += x[at + t + 2];
            d += x[at + t + 3];
        }
        for (; t < count; t++) {
            a += x[at + t];
        }
        return (a + b) + (c + d);
    }

    /** Adds the results of the next block, which begin at {@code at}. */
    void merge(float[] block, int at) {
        for (int from = 0; from < pairs; from += BAND) {
            merge(from, block, at + from * pairResults());
        }
    }

    /** The same for one band. */
    private void merge(int from, float[] band, int at) {
        int height = height(from);
        for (int pair = from; pair < Math.min(pairs, from + BAND); pair++) {
            float m = band[at + 2 * (pair - from)];
            if (m == Float.NEGATIVE_INFINITY) { // the pair sees nothing of the block
                continue;
            }
            float best = Math.max(max[pair], m);
            float old = Activations.exp(max[pair] - best);
            float add = Activations.exp(m - best);
            max[pair] = best;
            sum[pair] = Math.fma(band[at + 2 * (pair - from) + 1], add, sum[pair] * old);
            int o = at + 2 * height + (pair - from) * GROUP;
            for (int c = 0; c < valueGroups; c++) {
                addScaled(old, mixed, (pair * valueGroups + c) * GROUP, add, band, o + c * height * GROUP);
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
        for (int pair = 0; pair < pairs; pair++) {
            int row = first + pair / heads;
            int head = kvHead * heads + pair % heads;
            int gate = q.row(row) + (2 * head + 1) * length;
            int to = out.row(row) + head * length;
            int from = pair * valueGroups * GROUP;
            Activations.gate(1 / sum[pair], mixed, from, q.data(), gate, out.data(), to, length, room);
        }
    }
}
