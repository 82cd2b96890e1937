package dev.sluice.cpu;

import dev.sluice.op.GatedHeads;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;

/**
 * The verbs of a gated attention layer. Each block of the cache gives every (row, head) its own softmax; the results of the
 * blocks are merged in order. The blocks lie at fixed places of the sequence, so that a row adds in the same order
 * however a prompt was cut, and whether blocks were computed one after the other (many rows: a part is a stretch of rows)
 * or side by side (few rows: a part is a few blocks).
 */
final class AttentionKernels {
    /** Pairs of a row and a query head in a part, most and least: so many share the conversion of a panel. */
    private static final int MOST_PAIRS = 192;

    private static final int LEAST_PAIRS = 96;

    /** Parts for each worker, where there are rows enough: all wait for the last. */
    private static final int PARTS = 4;

    /** Up to so many rows, the parts are blocks: otherwise a long context would keep few workers busy. */
    private static final int FEW_ROWS = 4;

    private final Workers workers;
    private final RotaryTable rotary;
    private final AttentionBlock[] scratch;
    private float[] partial = {}; // [blocks][KV heads][results of an AttentionBlock], when the parts are blocks

    AttentionKernels(Workers workers) {
        this.workers = workers;
        this.rotary = new RotaryTable(workers);
        this.scratch = new AttentionBlock[workers.size()];
    }

    RotaryTable rotary() {
        return rotary;
    }

    /** Another step begins. */
    void newStep() {
        rotary.clear();
    }

    /** Attention of one layer: made once, run in every step. */
    Attention attention(GatedHeads heads, CpuBuf q, CpuBuf k, CpuBuf v, CpuBuf out) {
        return new Attention(heads, q, k, v, out);
    }

    final class Attention {
        private final GatedHeads heads;
        private final CpuBuf q;
        private final CpuBuf k;
        private final CpuBuf v;
        private final CpuBuf out;
        private final Workers.Part store = this::store;
        private final Workers.Part stretch = this::stretch;
        private final Workers.Part someBlocks = this::someBlocks;
        private final Workers.Part merge = this::merge;

        private KvCache cache;
        private int index; // of the span's first row in its sequence
        private int first; // row of the step
        private int count;
        private int partRows; // of a stretch
        private int partBlocks; // when the parts are blocks

        private Attention(GatedHeads heads, CpuBuf q, CpuBuf k, CpuBuf v, CpuBuf out) {
            this.heads = heads;
            this.q = q;
            this.k = k;
            this.v = v;
            this.out = out;
        }

        void run(Step step) {
            for (int span = 0; span < step.spans(); span++) {
                SequenceState sequence = step.spanState(span);
                cache = (KvCache) sequence.layer(heads.layer());
                index = sequence.length();
                first = step.spanFirst(span);
                count = step.spanCount(span);
                cache.reserve(index, index + count);
                workers.run(heads.kvHeads(), store);
                if (count > FEW_ROWS || blocks(count) == 1) {
                    partRows = partRows(count * heads.kvHeads() / (PARTS * workers.size()));
                    workers.run(heads.kvHeads() * Math.ceilDiv(count, partRows), stretch);
                } else {
                    int needed = Math.multiplyExact(
                            blocks(count) * heads.kvHeads(), scratch(0).size(count));
                    if (partial.length < needed) {
                        partial = new float[2 * needed];
                    }
                    partBlocks = Math.max(1, blocks(count) * heads.kvHeads() / (PARTS * workers.size()));
                    workers.run(heads.kvHeads() * Math.ceilDiv(blocks(count), partBlocks), someBlocks);
                    workers.run(heads.kvHeads(), merge);
                }
            }
            cache = null;
        }

        /** Rows of a part, about {@code wanted}: a multiple of a tile's, so that tiles are full whatever the number of heads. */
        private int partRows(int wanted) {
            int of = Gemm.TILE * heads.heads() / heads.kvHeads();
            int most = Math.max(1, MOST_PAIRS / of);
            return Gemm.TILE * Math.clamp(wanted / Gemm.TILE, Math.min(most, Math.ceilDiv(LEAST_PAIRS, of)), most);
        }

        /** Blocks that hold the keys of the first {@code rows} rows. */
        private int blocks(int rows) {
            return Math.ceilDiv(index + rows, KvCache.BLOCK_ROWS);
        }

        private void store(int kvHead, int worker) {
            cache.store(kvHead, index, first, count, k, v);
        }

        /** Some rows of one KV head, all blocks. */
        private void stretch(int part, int worker) {
            int kvHead = part % heads.kvHeads();
            int from = part / heads.kvHeads() * partRows;
            int to = Math.min(count, from + partRows);
            AttentionBlock s = scratch(worker);
            s.begin(kvHead, first + from, to - from);
            s.pack(cache, q);
            for (int b = 0; b < blocks(to); b++) {
                s.compute(cache, q, b, index + from, s.results(), 0);
                s.merge(s.results(), 0);
            }
            s.finish(q, out);
        }

        /** All rows of one KV head, some blocks. */
        private void someBlocks(int part, int worker) {
            int kvHead = part % heads.kvHeads();
            int from = part / heads.kvHeads() * partBlocks;
            int to = Math.min(blocks(count), from + partBlocks);
            AttentionBlock s = scratch(worker);
            s.begin(kvHead, first, count);
            s.pack(cache, q);
            for (int b = from; b < to; b++) {
                s.compute(cache, q, b, index, partial, partialAt(b, kvHead, s));
            }
        }

        private void merge(int kvHead, int worker) {
            AttentionBlock s = scratch(worker);
            s.begin(kvHead, first, count);
            for (int b = 0; b < blocks(count); b++) {
                s.merge(partial, partialAt(b, kvHead, s));
            }
            s.finish(q, out);
        }

        private int partialAt(int block, int kvHead, AttentionBlock s) {
            return (block * heads.kvHeads() + kvHead) * s.size(count);
        }

        private AttentionBlock scratch(int worker) {
            AttentionBlock s = scratch[worker];
            if (s == null || !s.fits(heads)) {
                s = new AttentionBlock(heads, partRows(Integer.MAX_VALUE));
                scratch[worker] = s;
            }
            return s;
        }
    }
}
