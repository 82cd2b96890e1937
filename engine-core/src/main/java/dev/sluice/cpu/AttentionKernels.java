package dev.sluice.cpu;

import dev.sluice.op.GatedHeads;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;

/**
 * The verbs of a gated attention layer. Each block of the cache gives every (row, head) its own softmax; the results of the
 * blocks are merged in order. The blocks lie at fixed places of the sequence, so that a row adds in the same order
 * however a prompt was cut, and whether blocks were computed one after the other (many rows: a part is a few rows)
 * or side by side (few rows: a part is a few blocks).
 */
final class AttentionKernels {
    /** Pairs of a row and a query head that share the conversion of a block, at most. */
    private static final int MOST_PAIRS = 384;

    /** Rows of a part, so that tiles are full whatever the number of heads. */
    private static final int PART_ROWS = Gemm.TILE;

    /** Parts for each worker, where they are blocks: all wait for the last. */
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
        private final Workers.Parts someRows = this::someRows;
        private final Workers.Part someBlocks = this::someBlocks;
        private final Workers.Part merge = this::merge;

        private KvCache cache;
        private int index; // of the span's first row in its sequence
        private int first; // row of the step
        private int count;
        private int rowParts; // of a KV head, when the parts are rows
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
                    rowParts = Math.ceilDiv(count, PART_ROWS);
                    workers.run(heads.kvHeads() * rowParts, mostParts(), someRows);
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

        /** Parts that are taken at once, when they are rows. */
        private int mostParts() {
            return Math.max(1, MOST_PAIRS / (PART_ROWS * heads.heads() / heads.kvHeads()));
        }

        /** Blocks that hold the keys of the first {@code rows} rows. */
        private int blocks(int rows) {
            return Math.ceilDiv(index + rows, KvCache.BLOCK_ROWS);
        }

        private void store(int kvHead, int worker) {
            cache.store(kvHead, index, first, count, k, v);
        }

        /** Some rows, all blocks, KV head by KV head. */
        private void someRows(int from, int to, int worker) {
            for (int part = from, next; part < to; part = next) {
                int kvHead = part / rowParts;
                next = Math.min(to, (kvHead + 1) * rowParts);
                int row = (part - kvHead * rowParts) * PART_ROWS;
                int end = Math.min(count, (next - kvHead * rowParts) * PART_ROWS);
                AttentionBlock s = scratch(worker);
                s.begin(kvHead, first + row, end - row);
                s.pack(cache, q);
                for (int b = 0; b < blocks(end); b++) {
                    s.add(cache, q, b, index + row);
                }
                s.finish(q, out);
            }
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
                s = new AttentionBlock(heads, mostParts() * PART_ROWS);
                scratch[worker] = s;
            }
            return s;
        }
    }
}
