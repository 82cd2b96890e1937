package dev.sluice.gguf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A view of one tensor in a {@link Gguf}. It owns nothing: its bytes live as long as the file is open.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class Tensor {
    private final String name;
    private final TensorType type;
    private final long[] shape;
    private final long elements;
    private final MemorySegment data;

    Tensor(String name, TensorType type, long[] shape, MemorySegment data) {
        this.name = name;
        this.type = type;
        this.shape = shape.length == 0 ? new long[] {1} : shape.clone();
        this.elements = Arrays.stream(this.shape).reduce(1, Math::multiplyExact);
        this.data = data.asReadOnly();
    }

    /** {@return the name that the file gives it, unique in the file, for example {@code blk.0.ffn_up.weight}} */
    public String name() {
        return name;
    }

    /** {@return the type of its elements} */
    public TensorType type() {
        return type;
    }

    /** {@return the sizes, {@code ne[0]} (the contiguous one) first: 1 to 4 of them, each at least 1} A copy. */
    public long[] shape() {
        return shape.clone();
    }

    /**
     * {@return the size of dimension {@code i}, 0 being the contiguous one; 1 beyond the last}
     *
     * @param i index of a dimension, 0 or more
     */
    public long ne(int i) {
        return i < shape.length ? shape[i] : 1;
    }

    /** {@return the number of elements: the product of the sizes} */
    public long elements() {
        return elements;
    }

    /** {@return the number of bytes, as {@link TensorType#bytes} gives it} */
    public long bytes() {
        return data.byteSize();
    }

    /**
     * {@return the blocks of this tensor: read-only, exactly {@link #bytes()} long, every number in it little-endian}
     * It starts at a multiple of {@link Gguf#alignment()} from the start of the file, which is all that is known of its
     * address: where a file says an alignment below that of the element, only unaligned layouts can read it.
     *
     * <p>After {@link Gguf#close()} every access throws {@link IllegalStateException}.
     */
    public MemorySegment data() {
        return data;
    }

    /** Name, type and shape, for messages. */
    @Override
    public String toString() {
        return name + " " + type + " " + Arrays.toString(shape);
    }
}
