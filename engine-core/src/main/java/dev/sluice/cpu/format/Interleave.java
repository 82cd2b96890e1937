package dev.sluice.cpu.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Brings the rows of a file side by side, as {@link LaneFormat} reads them. */
public final class Interleave {
    private static final ValueLayout.OfInt INT = Bytes.INT;

    private Interleave() {}

    /**
     * Interleaves blocks of up to {@link Lanes#GROUP} rows; rows that are missing are left as they are, so start from zeros.
     *
     * @param data the rows, {@code rowBytes} apart
     * @param offset byte of the first block of the first row
     * @param rows 1 to {@code GROUP}
     * @param columns columns to take; a last block that is cut short is filled up with zeros
     */
    public static void rows(
            Layout layout,
            MemorySegment data,
            long offset,
            long rowBytes,
            int rows,
            int columns,
            int[] words,
            int at,
            short[] heads,
            int headAt) {
        int whole = columns / layout.columns();
        for (int r = 0; r < rows; r++) {
            long block = offset + r * rowBytes;
            int to = at + r;
            for (int b = 0; b < whole; b++) {
                for (int i = 0; i < layout.words(); i++) {
                    words[to] = data.get(INT, block + layout.wordsAt() + 4L * i);
                    to += Lanes.GROUP;
                }
                if (layout.headBytes() == 2) {
                    heads[headAt + b * Lanes.GROUP + r] = data.get(Bytes.SHORT, block + layout.headAt());
                } else if (layout.headBytes() == 1) {
                    heads[headAt + b * Lanes.GROUP + r] = (short) Bytes.u8(data, block + layout.headAt());
                }
                block += layout.bytes();
            }
            if (whole * layout.columns() < columns) { // the one odd element of a row of 16-bit values
                words[to] = Bytes.u16(data, block);
            }
        }
    }
}
