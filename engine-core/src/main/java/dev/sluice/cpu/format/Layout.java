package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;

/**
 * How the bytes of a block are handed to the vector code: as 32-bit words, and where the block has an odd length, a head of
 * one or two bytes beside them.
 *
 * @param columns elements of a block
 * @param bytes of a block
 * @param wordsAt byte offset of the first word
 * @param words number of words
 * @param headAt byte offset of the head
 * @param headBytes 0, 1 or 2
 */
public record Layout(int columns, int bytes, int wordsAt, int words, int headAt, int headBytes) {
    /** Checks that words and head are the whole block. */
    public Layout {
        if (4 * words + headBytes != bytes) {
            throw new IllegalArgumentException(words + " words and " + headBytes + " bytes are not " + bytes);
        }
    }

    /** Words from the beginning, the rest of the block behind them. */
    static Layout of(TensorType type) {
        int words = type.blockBytes() / 4;
        return new Layout(type.blockLength(), type.blockBytes(), 0, words, 4 * words, type.blockBytes() - 4 * words);
    }

    /** A head, then words. */
    static Layout headed(TensorType type) {
        int head = type.blockBytes() % 4;
        return new Layout(type.blockLength(), type.blockBytes(), head, type.blockBytes() / 4, 0, head);
    }
}
