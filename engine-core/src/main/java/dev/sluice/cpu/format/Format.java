package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/** How one {@link TensorType} turns into F32. Formats have no state and may be shared by all threads. */
public interface Format {

    /** {@return the type this format decodes} */
    TensorType type();

    /**
     * Decodes consecutive elements of a tensor. This scalar code is the meaning of the format: any faster way must give
     * the same bits.
     *
     * @param data the bytes of the tensor, at any alignment; only read
     * @param offset byte in {@code data} where a block begins
     * @param out receives {@code count} values; owned by the caller
     * @param at index in {@code out} of the first value
     * @param count elements to decode, a multiple of the type's {@link TensorType#blockLength()}
     * @throws IllegalArgumentException if {@code count} is negative or not a multiple of the block
     * @throws IndexOutOfBoundsException if {@code data} or {@code out} is too short; part of {@code out} may then have
     *     been written
     */
    void decodeRow(MemorySegment data, long offset, float[] out, int at, int count);
}
