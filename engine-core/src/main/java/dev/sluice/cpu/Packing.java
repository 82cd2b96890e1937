package dev.sluice.cpu;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Which weights get an interleaved copy on the heap: each when it first takes part in a step, as long as there is room. The
 * others are interleaved tile by tile in each product, with the same results, several times slower for single rows.
 */
final class Packing {
    private final Set<CpuWeight> planned = Collections.newSetFromMap(new IdentityHashMap<>());
    private final boolean planning;
    private long room;
    private long bytes;

    /** @param room bytes that the copies may take */
    Packing(long room) {
        this(room, false);
    }

    private Packing(long room, boolean planning) {
        this.room = room;
        this.planning = planning;
    }

    /** Half of what the heap can still grow by: the rest stays with the program around the engine. */
    static Packing intoFreeHeap() {
        Runtime runtime = Runtime.getRuntime();
        return new Packing((runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory()) / 2);
    }

    /** One with the same room that makes no copies, and counts them. */
    Packing planned() {
        return new Packing(room, true);
    }

    /** Packs a weight if it is not packed yet and fits. */
    void prepare(CpuWeight weight, Workers workers) {
        long needed = weight.packedBytes();
        if (isPacked(weight) || needed < 0 || needed > room) {
            return;
        }
        if (planning) {
            planned.add(weight);
        } else {
            weight.pack(workers);
        }
        room -= needed;
        bytes += needed;
    }

    private boolean isPacked(CpuWeight weight) {
        return weight.isPacked() || planned.contains(weight);
    }

    /** Bytes of the copies made, or planned, so far. */
    long bytes() {
        return bytes;
    }
}
