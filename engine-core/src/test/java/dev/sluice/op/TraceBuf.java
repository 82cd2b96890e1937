package dev.sluice.op;

import java.util.BitSet;

/** A buffer without memory: it knows which of its columns hold something. Slices share that knowledge. */
final class TraceBuf implements Buf {
    private final String name;
    private final int from;
    private final int width;
    private final BitSet written; // columns of the whole buffer
    private final boolean whole;

    TraceBuf(String name, int width) {
        this(name, 0, width, new BitSet(), true);
    }

    private TraceBuf(String name, int from, int width, BitSet written, boolean whole) {
        this.name = name;
        this.from = from;
        this.width = width;
        this.written = written;
        this.whole = whole;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public Buf slice(int from, int width) {
        if (from < 0 || width < 1 || from + width > this.width) {
            throw new IllegalStateException("columns " + from + " to " + (from + width) + " of " + this);
        }
        return new TraceBuf(name, this.from + from, width, written, false);
    }

    void requireWidth(int expected) {
        if (width != expected) {
            throw new IllegalStateException(this + ": expected width " + expected);
        }
    }

    /** Refuses a read of what nobody wrote, or of what died. */
    void read() {
        int missing = written.nextClearBit(from);
        if (missing < from + width) {
            throw new IllegalStateException(this + " is read, but column " + missing + " holds nothing");
        }
    }

    void write() {
        written.set(from, from + width);
    }

    /** From now on nothing may be read before it is written again. */
    void die() {
        written.clear();
    }

    boolean sameBuffer(TraceBuf other) {
        return written == other.written;
    }

    boolean overlaps(TraceBuf other) {
        return sameBuffer(other) && from < other.from + other.width && other.from < from + width;
    }

    @Override
    public String toString() {
        return name + (whole ? "[" + width + "]" : "[" + from + ".." + (from + width) + "]");
    }
}
