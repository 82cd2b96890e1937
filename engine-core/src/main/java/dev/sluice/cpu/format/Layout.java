package dev.sluice.cpu.format;

import dev.sluice.gguf.TensorType;

/**
 * How the bytes of a block are handed to the vector code: as 32-bit words, and beside them a head of one byte or of one or
 * two halves.
 *
 * @param columns elements of a block
 * @param bytes of a block
 * @param wordsAt byte offset of the first word
 * @param fileWords number of words in the file
 * @param headAt byte offset of the head
 * @param headBytes 0, 1, 2 or 4
 * @param words number of words once they are {@link LaneFormat#arrange arranged}
 * @param arranged whether they are, or stay as they are in the file
 */
public record Layout(
        int columns, int bytes, int wordsAt, int fileWords, int headAt, int headBytes, int words, boolean arranged) {
    /** Checks that words and head are the whole block. */
    public Layout {
        if (4 * fileWords + headBytes != bytes) {
            throw new IllegalArgumentException(fileWords + " words and " + headBytes + " bytes are not " + bytes);
        }
    }

    /** Words from the beginning, the rest of the block behind them. */
    static Layout of(TensorType type) {
        return tailed(type, type.blockBytes() % 4);
    }

    /** Words, then a head. */
    static Layout tailed(TensorType type, int head) {
        int words = (type.blockBytes() - head) / 4;
        return new Layout(type.blockLength(), type.blockBytes(), 0, words, 4 * words, head, words, false);
    }

    /** A head, then words. */
    static Layout headed(TensorType type, int head) {
        int words = (type.blockBytes() - head) / 4;
        return new Layout(type.blockLength(), type.blockBytes(), head, words, 0, head, words, false);
    }

    /** The same block, of which {@link LaneFormat#arrange} makes so many words. */
    Layout arranged(int words) {
        return new Layout(columns, bytes, wordsAt, fileWords, headAt, headBytes, words, true);
    }

    /** {@return shorts that a head takes} */
    public int heads() {
        return Math.ceilDiv(headBytes, 2);
    }
}
