package dev.sluice.cpu;

import dev.sluice.cpu.format.Lanes;
import java.util.Arrays;

/**
 * {@code down(silu(gate x) * (up x))} for rows gathered by expert: a dense block is one expert that takes all rows. Rows are
 * packed expert after expert; a part of the work is a group of one expert's weights, which is decoded once for all its rows,
 * and all experts together cost two joins.
 */
final class FeedForward {
    /** Groups taken at once: while a block of columns of the packed rows is near, all of them use it. */
    private static final int DOWN_GROUPS = 4;

    /** The same, each being one of the gate and one of up. */
    private static final int GATE_GROUPS = 2;

    /** Both for a single row: each begins with a few loads that nothing is computed from yet. */
    private static final int GROUPS_OF_ONE = 8;

    private final Products products;
    private final Workers workers;
    private final RowSource x;
    private final CpuWeight gate;
    private final CpuWeight up;
    private final CpuWeight down;
    private final CpuBuf out;
    private final int experts;
    private final int maxUsed;

    private final int[] expertOf; // [active experts], those that have rows, in order
    private final int[] firstOf; // [active experts + 1], where their slots begin
    private final int[] packedAt; // [active experts], where their packed rows begin
    private final int[] slots; // rows in the order of their experts: row * used + rank
    private final int[] counts; // [experts]
    private final Memory memory;

    private int used;
    private int active;

    private final Workers.Part pack = this::packExpert;
    private final Workers.Parts raise = this::raise;
    private final Workers.Parts lower = this::lower;

    /**
     * Packed rows, shared by all blocks of a model.
     *
     * @param in [packed rows][columns of gate and up], as Products packs them
     * @param hidden [packed rows][rows of gate and up], the same
     */
    record Memory(Floats in, Floats hidden) {}

    /**
     * @param maxUsed experts of a row
     * @param maxRows rows of the largest step
     * @param out receives for each row the results of its ranks, one after the other
     */
    FeedForward(
            Products products,
            Memory memory,
            RowSource x,
            CpuWeight gate,
            CpuWeight up,
            CpuWeight down,
            int maxUsed,
            int maxRows,
            CpuBuf out) {
        this.products = products;
        this.workers = products.workers();
        this.memory = memory;
        this.x = x;
        this.gate = gate;
        this.up = up;
        this.down = down;
        this.out = out;
        this.maxUsed = maxUsed;
        experts = gate.slices();
        int most = Math.min(experts, maxRows * maxUsed);
        expertOf = new int[most];
        firstOf = new int[most + 1];
        packedAt = new int[most];
        slots = new int[maxRows * maxUsed];
        counts = new int[experts];
        long rows = (long) maxRows * maxUsed + (long) most * (Gemm.SMALL_TILE - 1);
        memory.in().reserve(rows * Gemm.packed(gate.columns()));
        memory.hidden().reserve(rows * Gemm.packed(gate.rows()));
    }

    /** All rows take the only expert there is. */
    void run(int rows) {
        used = 1;
        active = 1;
        expertOf[0] = 0;
        packedAt[0] = 0;
        firstOf[1] = rows;
        for (int row = 0; row < rows; row++) {
            slots[row] = row;
        }
        run();
    }

    /** Each row takes the experts whose numbers it begins with. */
    void run(int rows, CpuBuf selection) {
        used = maxUsed;
        Arrays.fill(counts, 0);
        for (int row = 0; row < rows; row++) {
            for (int rank = 0; rank < used; rank++) {
                counts[(int) selection.data()[selection.row(row) + rank]]++;
            }
        }
        active = 0;
        int first = 0;
        int packed = 0;
        for (int e = 0; e < experts; e++) {
            if (counts[e] > 0) {
                expertOf[active] = e;
                firstOf[active] = first;
                packedAt[active++] = packed;
                first += counts[e];
                packed += Products.padded(counts[e]);
                counts[e] = first - counts[e]; // from now on where its next slot goes
            }
        }
        firstOf[active] = first;
        for (int row = 0; row < rows; row++) {
            for (int rank = 0; rank < used; rank++) {
                int e = (int) selection.data()[selection.row(row) + rank];
                slots[counts[e]++] = row * used + rank;
            }
        }
        run();
    }

    private void run() {
        if (firstOf[active] == 0) {
            return;
        }
        boolean single = firstOf[active] == active;
        workers.run(packParts(), pack);
        workers.run(active * gate.groups(), single ? GROUPS_OF_ONE : GATE_GROUPS, raise);
        workers.run(active * down.groups(), single ? GROUPS_OF_ONE : DOWN_GROUPS, lower);
    }

    private int rows(int a) {
        return firstOf[a + 1] - firstOf[a];
    }

    private int packParts() {
        return active == 1 ? Math.ceilDiv(rows(0), Gemm.TILE) : active;
    }

    /** The rows of one expert, or a tile of them where there is but one. */
    private void packExpert(int part, int worker) {
        int a = active == 1 ? 0 : part;
        int from = active == 1 ? part * Gemm.TILE : 0;
        int to = active == 1 ? Math.min(rows(0), from + Gemm.TILE) : rows(a);
        int columns = gate.columns();
        float[] values = products.scratch(worker).row(columns);
        for (int i = from; i < to; i++) {
            x.read(slots[firstOf[a] + i] / used, values);
            Products.pack(
                    values,
                    0,
                    columns,
                    i,
                    Products.padded(rows(a)),
                    memory.in().array(),
                    packedAt[a] * Gemm.packed(columns));
        }
    }

    /** Gate and up of some groups, expert by expert. */
    private void raise(int from, int to, int worker) {
        for (int part = from, next; part < to; part = next) {
            int a = part / gate.groups();
            next = Math.min(to, (a + 1) * gate.groups());
            raise(a, part - a * gate.groups(), next - a * gate.groups(), products.scratch(worker));
        }
    }

    /** Gate and up of some groups of one expert, and what the activation makes of them. */
    private void raise(int a, int first, int last, CpuWeight.Scratch s) {
        int padded = Products.padded(rows(a));
        int size = padded * Lanes.GROUP;
        int ups = (last - first) * size; // where the sums of up begin
        int columns = gate.columns();
        int in = packedAt[a] * Gemm.packed(columns);
        float[] x = memory.in().array();
        float[] sums = s.sums(2 * ups);
        Arrays.fill(sums, 0, 2 * ups, 0);
        int near = Products.near(padded, last - first);
        for (int group = first; group < last; group += near) {
            for (int from = 0; from < columns; from += CpuWeight.BLOCK_COLUMNS) {
                for (int g = group; g < group + near; g++) {
                    int at = (g - first) * size;
                    Products.addBlock(gate, expertOf[a], g, from, x, in, padded, sums, at, s);
                    Products.addBlock(up, expertOf[a], g, from, x, in, padded, sums, ups + at, s);
                }
            }
        }
        // As many values in one loop as lie side by side: of few, most of the time would be spent on beginning and
        // ending.
        int together = padded == 1 ? last - first : 1;
        int values = (together - 1) * size + rows(a) * Lanes.GROUP;
        for (int at = 0; at < ups; at += together * size) {
            scale(gate.scale(expertOf[a]), sums, at, values);
            scale(up.scale(expertOf[a]), sums, ups + at, values);
            Activations.siluMul(sums, at, sums, ups + at, sums, at, values, s.row(values));
        }
        for (int g = first; g < last; g++) {
            packHidden(a, g, sums, (g - first) * size);
        }
    }

    private void packHidden(int a, int group, float[] sums, int at) {
        int rows = rows(a);
        int padded = Products.padded(rows);
        int first = group * Lanes.GROUP;
        int count = Math.min(Lanes.GROUP, gate.rows() - first);
        // Where the group's columns of the hidden rows lie: in one block of columns, which is a multiple of a group.
        int block = first / CpuWeight.BLOCK_COLUMNS * CpuWeight.BLOCK_COLUMNS;
        int blockColumns = Math.min(CpuWeight.BLOCK_COLUMNS, gate.rows() - block);
        int pitch = Gemm.pitch(blockColumns);
        int to = packedAt[a] * Gemm.packed(gate.rows()) + block * padded;
        float[] hidden = memory.hidden().array();
        for (int i = 0; i < rows; i++) {
            int row = at + i * Lanes.GROUP;
            if (padded == 1) {
                System.arraycopy(sums, row, hidden, to + first - block, count);
                continue;
            }
            int tile = Gemm.tileOf(i, padded);
            int height = Gemm.tileRows(tile, padded);
            int place = to + tile * 4 * pitch + i - tile;
            for (int c = 0; c < 4; c++) {
                int chain = place + (c * pitch + (first - block) / 4) * height;
                for (int k = 0; k < Gemm.length(c, count); k++) {
                    hidden[chain + k * height] = sums[row + c + 4 * k];
                }
            }
        }
    }

    private static void scale(float factor, float[] sums, int at, int values) {
        if (factor != 1) {
            Simd.scale(factor, sums, at, sums, at, values);
        }
    }

    /** The results of some groups, expert by expert. */
    private void lower(int from, int to, int worker) {
        for (int part = from, next; part < to; part = next) {
            int a = part / down.groups();
            next = Math.min(to, (a + 1) * down.groups());
            lower(a, part - a * down.groups(), next - a * down.groups(), products.scratch(worker));
        }
    }

    /** The results of some groups of one expert, each to its row and rank. */
    private void lower(int a, int first, int last, CpuWeight.Scratch s) {
        int padded = Products.padded(rows(a));
        int size = padded * Lanes.GROUP;
        float[] sums = s.sums((last - first) * size);
        Arrays.fill(sums, 0, (last - first) * size, 0);
        int near = Products.near(padded, last - first);
        for (int group = first; group < last; group += near) {
            for (int from = 0; from < down.columns(); from += CpuWeight.BLOCK_COLUMNS) {
                for (int g = group; g < group + near; g++) {
                    int at = (g - first) * size;
                    int in = packedAt[a] * Gemm.packed(down.columns());
                    Products.addBlock(
                            down, expertOf[a], g, from, memory.hidden().array(), in, padded, sums, at, s);
                }
            }
        }
        float scale = down.scale(expertOf[a]);
        for (int g = first; g < last; g++) {
            int column = g * Lanes.GROUP;
            int count = Math.min(Lanes.GROUP, down.rows() - column);
            for (int i = 0; i < rows(a); i++) {
                int slot = slots[firstOf[a] + i];
                int to = out.row(slot / used) + slot % used * down.rows() + column;
                Simd.scale(scale, sums, (g - first) * size + i * Lanes.GROUP, out.data(), to, count);
            }
        }
    }
}
