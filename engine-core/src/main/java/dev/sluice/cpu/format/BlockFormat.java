package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/** A format of equal blocks that decode independently of each other; a subclass says what one block means. */
abstract class BlockFormat implements Format {

    private final TensorType type;

    BlockFormat(TensorType type) {
        this.type = type;
    }

    @Override
    public final TensorType type() {
        return type;
    }

    @Override
    public final void decodeRow(MemorySegment data, long offset, float[] out, int at, int count) {
        type.bytes(count); // refuses part of a block
        int length = type.blockLength();
        int bytes = type.blockBytes();
        long block = offset;
        for (int i = 0; i < count; i += length) {
            decodeBlock(data, block, out, at + i);
            block += bytes;
        }
    }

    /** Decodes the block at byte {@code block} of {@code data} into {@code out[at ..]}. */
    abstract void decodeBlock(MemorySegment data, long block, float[] out, int at);
}
