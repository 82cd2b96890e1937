package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;
import java.util.List;

/**
 * How the bytes of a block are handed to the vector code: as 32-bit words, and beside them a head of one byte or of one or
 * two halves.
 *
 * @param columns elements of a block
 * @param bytes of a block
 * @param wordsAt byte offset of the first word
 * @param words number of words
 * @param headAt byte offset of the head
 * @param headBytes 0, 1, 2 or 4
 * @param order which word of the block comes first, second and so on: in the order in which products need them, as memory
 *     is read ahead only for who goes forward; empty for the block's own order
 */
public record Layout(int columns, int bytes, int wordsAt, int words, int headAt, int headBytes, List<Integer> order) {
    /** Checks that words and head are the whole block. */
    public Layout {
        order = List.copyOf(order);
        if (4 * words + headBytes != bytes) {
            throw new IllegalArgumentException(words + " words and " + headBytes + " bytes are not " + bytes);
        }
    }

    /** Words from the beginning, the rest of the block behind them. */
    static Layout of(TensorType type) {
        return tailed(type, type.blockBytes() % 4);
    }

    /** Words, then a head. */
    static Layout tailed(TensorType type, int head) {
        int words = (type.blockBytes() - head) / 4;
        return new Layout(type.blockLength(), type.blockBytes(), 0, words, 4 * words, head, List.of());
    }

    /** A head, then words. */
    static Layout headed(TensorType type, int head) {
        return new Layout(
                type.blockLength(), type.blockBytes(), head, (type.blockBytes() - head) / 4, 0, head, List.of());
    }

    /** The same block, its words in another order. */
    Layout ordered(List<Integer> order) {
        return new Layout(columns, bytes, wordsAt, words, headAt, headBytes, order);
    }

    /** Byte of the block where word {@code i} is. */
    int wordAt(int i) {
        return wordsAt + 4 * (order.isEmpty() ? i : order.get(i));
    }

    /** {@return shorts that a head takes} */
    public int heads() {
        return Math.ceilDiv(headBytes, 2);
    }
}
