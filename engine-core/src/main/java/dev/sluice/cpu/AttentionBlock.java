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
 * Scores and weighted sums are products by {@link Gemm}. What it calls rows are here pairs of a row and a head, the heads of a
 * row side by side: so tiles are full, and keys and values are read once for all of them. The running result of a pair is its
 * largest score {@code m}, {@code l = sum exp(score - m)} and {@code o = sum exp(score - m) value}; see Milakov and
 * Gimelshein (2018).
 *
 * <p>A pair sees the keys up to its own row, a tile what its last pair sees. The scores of the others are not read, and their
 * weights are 0. Thus where the values of a row are infinite, those of a few rows before it become NaN.
 */
final class AttentionBlock {
    private static final int ROW_GROUPS = KvCache.BLOCK_ROWS / GROUP;
    private static final int ROWS_PITCH = Gemm.pitch(KvCache.BLOCK_ROWS);

    private final int heads; // query heads of a KV head
    private final int length;
    private final int valueGroups;
    private final float scale;

    private final float[] query; // packed: pairs x head length
    private final float[] panel; // [head length or rows of a block][GROUP]
    private final float[] scores; // [ROW_GROUPS][padded][GROUP]
    private final float[] weights; // packed: pairs x rows of a block
    private final float[] line = new float[KvCache.BLOCK_ROWS];
    private final float[] chains = new float[4 * Gemm.TILE * GROUP];
    private final float[] results;
    private final float[] room; // [head length]

    private final float[] max; // [pairs]
    private final float[] sum; // [pairs]
    private final float[] mixed; // [pairs][valueGroups * GROUP]

    private MemorySegment memory; // of the block
    private boolean direct; // panels are used as they are in memory
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
        int most = padded(rows);
        query = new float[most * Gemm.packed(length)];
        panel = new float[Math.max(Gemm.packed(length), KvCache.BLOCK_ROWS) * GROUP];
        scores = new float[ROW_GROUPS * most * GROUP];
        weights = new float[most * KvCache.BLOCK_ROWS];
        results = new float[size(rows)];
        room = new float[length];
        max = new float[rows * heads];
        sum = new float[rows * heads];
        mixed = new float[rows * heads * valueGroups * GROUP];
    }

    /** Pairs of {@code rows} rows, filled up to whole tiles. */
    private int padded(int rows) {
        return Math.ceilDiv(rows * heads, Gemm.SMALL_TILE) * Gemm.SMALL_TILE;
    }

    boolean fits(GatedHeads config) {
        return heads == config.heads() / config.kvHeads() && length == config.headLength() && scale == config.scale();
    }

    /**
     * Values of the results of one block for {@code rows} rows: for each pair m and l, then o,
     * {@code [valueGroups][padded][GROUP]}.
     */
    int size(int rows) {
        return 2 * rows * heads + valueGroups * padded(rows) * GROUP;
    }

    /** Room for the results of one block. */
    float[] results() {
        return results;
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

    /** Takes the queries of the rows. */
    void pack(CpuBuf q) {
        for (int pair = 0; pair < pairs; pair++) {
            int at = q.row(first + pair / heads) + (kvHead * heads + pair % heads) * 2 * length;
            Products.pack(q.data(), at, length, pair, padded, query, 0);
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
        direct = count == 1 && padded < Gemm.TILE && cache.hasFiniteHalves(); // no other row would use a panel
        for (int j = 0; j * GROUP < loaded; j++) {
            if (!direct) {
                cache.keys(block, kvHead, j, panel);
            }
            int to = j * padded * GROUP;
            Arrays.fill(scores, to, to + padded * GROUP, 0);
            for (int tile = 0; tile < padded; tile += Gemm.tileRows(tile, padded)) {
                if (j * GROUP < visible(index + lastRow(tile) - start)) {
                    scores(tile, cache.keysAt(kvHead, j), to);
                }
            }
        }
        for (int pair = 0; pair < pairs; pair++) {
            softmax(pair, visible(index + pair / heads - start), out, at + 2 * pair);
        }
        for (int c = 0; c < valueGroups; c++) {
            if (!direct) {
                cache.values(block, kvHead, c, loaded, panel);
            }
            int to = at + 2 * pairs + c * padded * GROUP;
            Arrays.fill(out, to, to + padded * GROUP, 0);
            for (int tile = 0; tile < padded; tile += Gemm.tileRows(tile, padded)) {
                int seen = visible(index + lastRow(tile) - start);
                int x = tile * KvCache.BLOCK_ROWS;
                multiply(tile, weights, x, 0, cache.valuesAt(kvHead, c), seen, ROWS_PITCH, out, to);
            }
        }
        memory = null;
    }

    /** Of the pairs of a tile, which begins at pair {@code tile}. */
    private int lastRow(int tile) {
        return (Math.min(pairs, tile + Gemm.tileRows(tile, padded)) - 1) / heads;
    }

    /** The queries of a tile times the keys of a group of rows, to sums of all tiles. */
    private void scores(int tile, long keysAt, int to) {
        for (int from = 0; from < length; from += CpuWeight.BLOCK_COLUMNS) {
            int columns = Math.min(CpuWeight.BLOCK_COLUMNS, length - from);
            int pitch = Gemm.pitch(columns);
            int x = from * padded + tile * 4 * pitch;
            multiply(tile, query, x, from * GROUP, keysAt + (long) from * GROUP, columns, pitch, scores, to);
        }
    }

    /** A tile of x times the panel that was read, or times the same panel in the cache, to sums of all tiles. */
    private void multiply(
            int tile,
            float[] x,
            int xAt,
            int panelAt,
            long memoryAt,
            int columns,
            int pitch,
            float[] sums,
            int sumsAt) {
        int rows = Gemm.tileRows(tile, padded);
        int to = sumsAt + tile * GROUP;
        if (direct) {
            long at = Short.BYTES * memoryAt;
            HalfPanel.multiply(x, xAt, rows, memory, at, columns, pitch, sums, to, chains);
        } else {
            Gemm.multiply(x, xAt, rows, panel, panelAt, columns, pitch, sums, to, chains);
        }
    }

    /** Rows of a block that a row sees which is {@code distance} behind the block's first. */
    private static int visible(int distance) {
        return Math.clamp(distance + 1L, 0, KvCache.BLOCK_ROWS);
    }

    /** Writes m and l of the visible scores of a pair, and packs the exponentials. */
    private void softmax(int pair, int visible, float[] out, int at) {
        int groups = Math.ceilDiv(visible, GROUP);
        if (visible % GROUP != 0) {
            int end = ((groups - 1) * padded + pair + 1) * GROUP;
            Arrays.fill(scores, end - GROUP + visible % GROUP, end, Float.NEGATIVE_INFINITY);
        }
        float best = scaled(scale, scores, pair * GROUP, padded * GROUP, line, groups);
        out[at] = best;
        subtract(best, line, groups);
        Activations.exp(line, 0, groups * GROUP);
        Arrays.fill(line, visible, KvCache.BLOCK_ROWS, 0);
        out[at + 1] = sum(line, visible);
        if (visible > 0) {
            Products.pack(line, 0, KvCache.BLOCK_ROWS, pair, padded, weights, 0);
        }
    }

    /** {@code line = scale * scores}, from groups that are {@code stride} apart; returns the largest. */
    private static float scaled(float scale, float[] scores, int from, int stride, float[] line, int groups) {
        FloatVector a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        for (int g = 0; g < groups; g++) {
            FloatVector u = FloatVector.fromArray(F, scores, from + g * stride).mul(scale);
            FloatVector v =
                    FloatVector.fromArray(F, scores, from + g * stride + LANES).mul(scale);
            u.intoArray(line, g * GROUP);
            v.intoArray(line, g * GROUP + LANES);
            a = a.max(u);
            b = b.max(v);
        }
        return a.max(b).reduceLanes(VectorOperators.MAX);
    }

    private static void subtract(float best, float[] line, int groups) {
        for (int t = 0; t < groups * GROUP; t += LANES) {
            FloatVector.fromArray(F, line, t).sub(best).intoArray(line, t);
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
        for (int pair = 0; pair < pairs; pair++) {
            float m = block[at + 2 * pair];
            if (m == Float.NEGATIVE_INFINITY) { // the pair sees nothing of the block
                continue;
            }
            float best = Math.max(max[pair], m);
            float old = Activations.exp(max[pair] - best);
            float add = Activations.exp(m - best);
            max[pair] = best;
            sum[pair] = Math.fma(block[at + 2 * pair + 1], add, sum[pair] * old);
            int o = at + 2 * pairs + pair * GROUP;
            for (int c = 0; c < valueGroups; c++) {
                addScaled(old, mixed, (pair * valueGroups + c) * GROUP, add, block, o + c * padded * GROUP);
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
