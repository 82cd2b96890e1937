package dev.sluice.fuzz;

import dev.sluice.gguf.TensorType;

/** Sizes of tensors by the number of their type. */
final class TensorTypes {
    private TensorTypes() {}

    /** Bytes of a tensor of a sound file. */
    static long bytes(int type, long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return TensorType.ofId(type).orElseThrow().bytes(elements);
    }

    /** As {@link #bytes}; -1 where no such tensor can be, or it is larger than {@code most}. */
    static int bytesWithin(int type, long[] shape, int most) {
        long elements = 1;
        for (long size : shape) {
            if (size < 1 || size > most || elements > most) {
                return -1;
            }
            elements *= size;
        }
        TensorType known = TensorType.ofId(type).orElse(null);
        if (known == null || elements % known.blockLength() != 0) {
            return -1;
        }
        long bytes = known.bytes(elements);
        return bytes > most ? -1 : (int) bytes;
    }
}
