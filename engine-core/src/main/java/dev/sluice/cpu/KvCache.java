package dev.sluice.cpu;

import dev.sluice.gguf.TensorType;
import dev.sluice.op.LayerState;
import dev.sluice.op.StateSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of one layer and one sequence, in blocks of {@value #BLOCK_ROWS} rows: first all key rows of the
 * block, then all value rows. A fork shares the blocks; who writes to a shared block copies it first.
 */
final class KvCache implements LayerState {
    static final int BLOCK_ROWS = 256;

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final int width;
    private final boolean half;
    private final long blockBytes;
    private final List<Block> blocks = new ArrayList<>();

    KvCache(StateSpec.KvCache spec, TensorType type) {
        this(spec.width(), type == TensorType.F16, blockBytes(spec.width(), type));
    }

    private KvCache(int width, boolean half, long blockBytes) {
        this.width = width;
        this.half = half;
        this.blockBytes = blockBytes;
    }

    /** Bytes of one block of a cache. */
    static long blockBytes(int width, TensorType type) {
        return 2L * BLOCK_ROWS * width * type.blockBytes();
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

    /** Stores the key and value of row {@code index}. */
    void store(int index, float[] keys, int keyAt, float[] values, int valueAt) {
        MemorySegment memory = blocks.get(index / BLOCK_ROWS).memory();
        long keyRow = (long) (index % BLOCK_ROWS) * width;
        long valueRow = keyRow + (long) BLOCK_ROWS * width;
        if (half) {
            for (int i = 0; i < width; i++) {
                memory.setAtIndex(HALF, keyRow + i, Float.floatToFloat16(keys[keyAt + i]));
                memory.setAtIndex(HALF, valueRow + i, Float.floatToFloat16(values[valueAt + i]));
            }
        } else {
            MemorySegment.copy(keys, keyAt, memory, FLOAT, keyRow * Float.BYTES, width);
            MemorySegment.copy(values, valueAt, memory, FLOAT, valueRow * Float.BYTES, width);
        }
    }

    /**
     * Reads one head of {@code count} key rows ({@code part} 0) or value rows ({@code part} 1) of a block.
     *
     * @param out rows of {@code length} values
     */
    void load(int block, int part, int count, int column, int length, float[] out) {
        MemorySegment memory = blocks.get(block).memory();
        for (int r = 0; r < count; r++) {
            long at = ((long) part * BLOCK_ROWS + r) * width + column;
            if (half) {
                for (int i = 0; i < length; i++) {
                    out[r * length + i] = Float.float16ToFloat(memory.getAtIndex(HALF, at + i));
                }
            } else {
                MemorySegment.copy(memory, FLOAT, at * Float.BYTES, out, r * length, length);
            }
        }
    }

    @Override
    public long bytes() {
        return blocks.stream().mapToLong(Block::bytes).sum();
    }

    @Override
    public LayerState copy() {
        KvCache copy = new KvCache(width, half, blockBytes);
        blocks.forEach(b -> copy.blocks.add(b.share()));
        return copy;
    }

    @Override
    public void clear() {
        blocks.forEach(Block::release);
        blocks.clear();
    }

    @Override
    public void close() {
        clear();
    }
}
