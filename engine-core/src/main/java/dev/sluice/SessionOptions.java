package dev.sluice;

import dev.sluice.gguf.TensorType;
import java.util.List;

/**
 * What a session is made for.
 *
 * @param contextLength most tokens it can hold, at most the model's {@link Model#contextLength()}
 * @param kvType element type of keys and values: F16 or F32
 */
public record SessionOptions(int contextLength, TensorType kvType) {
    /** Element types of keys and values, the default first. */
    public static final List<TensorType> KV_TYPES = List.of(TensorType.F16, TensorType.F32);

    /** Context of a session whose size nobody named, where the model has as much. */
    public static final int DEFAULT_CONTEXT_LENGTH = 4096;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the context is below 1, or the type of keys and values not F16 or F32
     */
    public SessionOptions {
        if (contextLength < 1) {
            throw new IllegalArgumentException("contextLength: " + contextLength + ", expected at least 1");
        }
        if (!KV_TYPES.contains(kvType)) {
            throw new IllegalArgumentException("kvType: " + kvType + " is not supported; supported are F16 and F32");
        }
    }

    /**
     * {@return a context of this many tokens, F16}
     *
     * @param contextLength tokens, 1 or more
     */
    public static SessionOptions ofContext(int contextLength) {
        return new SessionOptions(contextLength, TensorType.F16);
    }

    /**
     * {@return these options with another element type of keys and values}
     *
     * @param kvType F16 or F32
     */
    public SessionOptions withKvType(TensorType kvType) {
        return new SessionOptions(contextLength, kvType);
    }
}
