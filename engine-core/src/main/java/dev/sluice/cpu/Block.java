package dev.sluice.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory outside the heap, shared by reference count among states and freed at once when the last one lets go. */
final class Block {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final AtomicInteger owners = new AtomicInteger(1);
    private final MemorySegment memory;

    /** Zeroed memory, owned once. */
    Block(long bytes) {
        memory = arena.allocate(bytes, ALIGNMENT);
    }

    MemorySegment memory() {
        return memory;
    }

    long bytes() {
        return memory.byteSize();
    }

    boolean isShared() {
        return owners.get() > 1;
    }

    Block share() {
        owners.incrementAndGet();
        return this;
    }

    void release() {
        if (owners.decrementAndGet() == 0) {
            arena.close();
        }
    }

    /** This block if nobody else owns it; otherwise a copy, for which this ownership is given up. */
    Block own() {
        if (!isShared()) {
            return this;
        }
        Block copy = new Block(bytes());
        copy.memory.copyFrom(memory);
        release();
        return copy;
    }
}
