package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.GROUP;

import dev.sluice.gguf.TensorType;
import dev.sluice.op.LayerState;
import dev.sluice.op.StateSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of one layer and one sequence, in blocks of {@value #BLOCK_ROWS} rows. A block holds for each head
 * first the keys, {@code [rows / GROUP][channels][GROUP rows]}, then the values,
 * {@code [head length / GROUP, rounded up][rows][GROUP]}: panels as {@link Gemm} takes them, for the scores and for the
 * weighted sum, channels and rows in four chains. A fork shares the blocks; who writes to a shared block copies it first.
 */
final class KvCache implements LayerState {
    static final int BLOCK_ROWS = 256;

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT;
    /** Exponent of halves that are infinite or NaN. */
    private static final int INFINITE = 0x7c00;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final int length; // of a head
    private final boolean half;
    private final long blockBytes;
    private final List<Block> blocks = new ArrayList<>();
    private boolean finite = true; // no half that was stored is infinite or NaN

    KvCache(StateSpec.KvCache spec, TensorType type) {
        this(spec.headLength(), type == TensorType.F16, blockBytes(spec, type));
    }

    private KvCache(int length, boolean half, long blockBytes) {
        this.length = length;
        this.half = half;
        this.blockBytes = blockBytes;
    }

    /** Bytes of one block of a cache. */
    static long blockBytes(StateSpec.KvCache spec, TensorType type) {
        return spec.heads() * headValues(spec.headLength()) * type.blockBytes();
    }

    /** Values of one head in a block. */
    private static long headValues(int length) {
        return (long) BLOCK_ROWS * (Gemm.packed(length) + valueGroups(length) * GROUP);
    }

    /** Groups of value channels. */
    static int valueGroups(int length) {
        return Math.ceilDiv(length, GROUP);
    }

    /** Makes rows {@code from} to {@code to} writable. */
    void reserve(int from, int to) {
        for (int b = from / BLOCK_ROWS; b * BLOCK_ROWS < to; b++) {
            if (b == blocks.size()) {
                blocks.add(new Block(blockBytes));
            } else {
                blocks.set(b, blocks.get(b).own());
            }
        }
    }

    /** Stores one head of rows {@code first} to {@code first + count} of the step as rows {@code index} and on. */
    void store(int head, int index, int first, int count, CpuBuf k, CpuBuf v) {
        for (int i = 0; i < count; ) {
            int row = (index + i) % BLOCK_ROWS;
            int run = Math.min(count - i, BLOCK_ROWS - row);
            MemorySegment memory = blocks.get((index + i) / BLOCK_ROWS).memory();
            storeRun(memory, head, row, first + i, run, k, v);
            i += run;
        }
    }

    private void storeRun(MemorySegment memory, int head, int row, int first, int run, CpuBuf k, CpuBuf v) {
        long keys = head * headValues(length);
        long values = keys + (long) BLOCK_ROWS * Gemm.packed(length);
        for (int c = 0; c < length; c++) {
            int place = Gemm.place(c, length);
            for (int i = 0; i < run; i++) {
                long at = keys + ((long) ((row + i) / GROUP) * Gemm.packed(length) + place) * GROUP + (row + i) % GROUP;
                set(memory, at, k.data()[k.row(first + i) + head * length + c]);
            }
        }
        for (int i = 0; i < run; i++) {
            int place = Gemm.place(row + i, BLOCK_ROWS);
            for (int c = 0; c < length; c++) {
                long at = values + ((long) (c / GROUP) * BLOCK_ROWS + place) * GROUP + c % GROUP;
                set(memory, at, v.data()[v.row(first + i) + head * length + c]);
            }
        }
    }

    private void set(MemorySegment memory, long at, float value) {
        if (half) {
            short x = Float.floatToFloat16(value);
            memory.setAtIndex(HALF, at, x);
            if ((x & INFINITE) == INFINITE) {
                finite = false; // whichever worker it was that stored it
            }
        } else {
            memory.setAtIndex(FLOAT, at, value);
        }
    }

    /** Whether panels are finite halves, which {@link HalfPanel} takes as they are. */
    boolean hasFiniteHalves() {
        return half && finite;
    }

    MemorySegment memory(int block) {
        return blocks.get(block).memory();
    }

    /** Index of the first element of the keys of {@code GROUP} rows of a block, a panel with a column for each channel. */
    long keysAt(int head, int rowGroup) {
        return head * headValues(length) + (long) rowGroup * Gemm.packed(length) * GROUP;
    }

    /** The same of {@code GROUP} channels of the values of a block, a panel with a column for each row. */
    long valuesAt(int head, int channelGroup) {
        return head * headValues(length) + (long) BLOCK_ROWS * (Gemm.packed(length) + channelGroup * GROUP);
    }

    /** Reads keys to {@code out[to ...]}. */
    void keys(int block, int head, int rowGroup, float[] out, int to) {
        load(memory(block), keysAt(head, rowGroup), Gemm.packed(length) * GROUP, out, to);
    }

    /** Reads values of the first {@code rows} rows to {@code out[to ...]}. */
    void values(int block, int head, int channelGroup, int rows, float[] out, int to) {
        long at = valuesAt(head, channelGroup);
        int chain = Gemm.pitch(BLOCK_ROWS) * GROUP;
        for (int c = 0; c < 4; c++) {
            load(memory(block), at + c * chain, Gemm.length(c, rows) * GROUP, out, to + c * chain);
        }
    }

    private void load(MemorySegment memory, long at, int count, float[] out, int to) {
        if (half) {
            for (int i = 0; i < count; i++) { // the compiler makes vectors of it
                out[to + i] = Float.float16ToFloat(memory.getAtIndex(HALF, at + i));
            }
        } else {
            MemorySegment.copy(memory, FLOAT, at * Float.BYTES, out, to, count);
        }
    }

    @Override
    public long bytes() {
        return blocks.stream().mapToLong(Block::bytes).sum();
    }

    @Override
    public LayerState copy() {
        KvCache copy = new KvCache(length, half, blockBytes);
        blocks.forEach(b -> copy.blocks.add(b.share()));
        copy.finite = finite;
        return copy;
    }

    @Override
    public void clear() {
        blocks.forEach(Block::release);
        blocks.clear();
        finite = true;
    }

    @Override
    public void close() {
        clear();
    }
}
