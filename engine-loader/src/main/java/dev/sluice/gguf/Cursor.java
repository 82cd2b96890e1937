package dev.sluice.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the part of a file that lies before the tensor data, front to back. Every read is checked against the bytes that
 * are there before anything is allocated for it.
 */
final class Cursor {
    /**
     * Objects on the heap take up to ten times their bytes in the file, so an absurd file must end in a message before it
     * ends in an OutOfMemoryError. The largest vocabularies take about a tenth of this.
     */
    static final long MOST_BYTES = 128L << 20;

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String file;
    private final MemorySegment bytes;
    private final long limit;
    private long position;
    private String place = "header";
    private byte[] scratch = new byte[256];

    Cursor(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        this.limit = Math.min(bytes.byteSize(), MOST_BYTES);
    }

    long position() {
        return position;
    }

    /** Bytes left to read. */
    long remaining() {
        return limit - position;
    }

    /** Says what is being read from here on, for messages: a section, and within it a key or a tensor. */
    void enter(String place) {
        this.place = place;
    }

    int readUnsignedByte(String what) {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1, what)) & 0xFF;
    }

    short readShort(String what) {
        return bytes.get(SHORT, advance(2, what));
    }

    int readInt(String what) {
        return bytes.get(INT, advance(4, what));
    }

    long readLong(String what) {
        return bytes.get(LONG, advance(8, what));
    }

    float readFloat(String what) {
        return bytes.get(FLOAT, advance(4, what));
    }

    double readDouble(String what) {
        return bytes.get(DOUBLE, advance(8, what));
    }

    /** The next {@code count} values of {@code layout}, as a segment. */
    MemorySegment readSlice(long count, ValueLayout layout, String what) {
        long size = Math.multiplyExact(count, layout.byteSize());
        return bytes.asSlice(advance(size, what), size);
    }

    /** A string; bytes that are not UTF-8 become U+FFFD. */
    String readText(String what) {
        int length = readLength(what);
        return length == 0 ? "" : new String(scratch, 0, length, StandardCharsets.UTF_8);
    }

    /** The name of a key or tensor: not empty, and refused where it is not UTF-8. */
    String readName(String what) {
        long start = position;
        int length = readLength(what);
        if (length == 0) {
            throw error(start, "the " + what + " is empty");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(scratch, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error(start, "the " + what + " is not valid UTF-8");
        }
    }

    /** Copies the bytes of a string to the start of {@code scratch} and returns how many there are. */
    private int readLength(String what) {
        long start = position;
        long length = readLong(what);
        if (length < 0 || length > remaining()) {
            throw tooShort(start, "the " + what + " has a length of " + Long.toUnsignedString(length) + " bytes");
        }
        if (length > scratch.length) {
            scratch = new byte[(int) Math.max(length, Math.min(limit, 2L * scratch.length))];
        }
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, advance(length, what), scratch, 0, (int) length);
        return (int) length;
    }

    private long advance(long size, String what) {
        if (size > remaining()) {
            throw tooShort(position, size + " bytes are needed for the " + what);
        }
        long start = position;
        position += size;
        return start;
    }

    /** The error for something at {@code offset} that does not fit in what follows it. */
    GgufException tooShort(long offset, String wants) {
        String has = limit == bytes.byteSize()
                ? ", but the file has only " + remaining() + " bytes left (" + limit
                        + " in all): it is truncated or damaged"
                : ", but only the first " + limit + " bytes of a file may hold header, metadata and tensor infos, and "
                        + remaining() + " of them are left: it is damaged";
        return error(offset, wants + has);
    }

    GgufException error(long offset, String message) {
        return new GgufException(file + ": " + place + ", offset " + offset + ": " + message);
    }
}
