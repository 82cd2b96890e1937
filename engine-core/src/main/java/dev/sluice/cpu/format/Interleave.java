package dev.sluice.cpu.format;

import java.lang.foreign.MemorySegment;

/** Brings the rows of a file side by side, as {@link LaneFormat} reads them. Has memory of its own: one for each thread. */
public final class Interleave {
    /** Words of the largest block, and so many more that no cache line holds those of two threads. */
    private static final int MOST_WORDS = 96;

    private final int[] file = new int[MOST_WORDS];
    private final int[] arranged = new int[MOST_WORDS];

    /** With memory for one block. */
    public Interleave() {}

    /**
     * Brings one row to its place in a group; places of rows that a group lacks are left as they are.
     *
     * @param offset byte of {@code data} where the first block begins
     * @param columns columns to take; a last block that is cut short is filled up with zeros
     * @param at place of the row's first word, {@code GROUP} before the place of the next
     * @param headAt place of its first head
     * @param format of the row
     * @param data the tensor
     * @param words receives the words
     * @param heads receives the heads
     */
    public void row(
            LaneFormat format,
            MemorySegment data,
            long offset,
            int columns,
            int[] words,
            int at,
            short[] heads,
            int headAt) {
        Layout layout = format.layout();
        int whole = columns / layout.columns();
        long block = offset;
        int to = at;
        for (int b = 0; b < whole; b++) {
            for (int i = 0; i < layout.fileWords(); i++) {
                file[i] = data.get(Bytes.INT, block + layout.wordsAt() + 4L * i);
            }
            int[] source = file;
            if (layout.arranged()) {
                format.arrange(file, arranged);
                source = arranged;
            }
            for (int i = 0; i < layout.words(); i++) {
                words[to] = source[i];
                to += Lanes.GROUP;
            }
            if (layout.headBytes() == 1) {
                heads[headAt + b * Lanes.GROUP] = (short) Bytes.u8(data, block + layout.headAt());
            }
            for (int i = 0; i < layout.headBytes() / 2; i++) {
                heads[headAt + (b * layout.heads() + i) * Lanes.GROUP] =
                        data.get(Bytes.SHORT, block + layout.headAt() + 2L * i);
            }
            block += layout.bytes();
        }
        if (whole * layout.columns() < columns) { // the one odd element of a row of 16-bit values
            words[to] = Bytes.u16(data, block);
        }
    }
}
