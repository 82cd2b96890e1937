package dev.sluice.cpu;

/**
 * Which weights get an interleaved copy on the heap: each when it first takes part in a step, as long as there is room. The
 * others are interleaved tile by tile in each product, with the same results, several times slower for single rows.
 */
final class Packing {
    private long room;
    private long bytes;

    /** @param room bytes that the copies may take */
    Packing(long room) {
        this.room = room;
    }

    /** Half of what the heap can still grow by: the rest stays with the program around the engine. */
    static Packing intoFreeHeap() {
        Runtime runtime = Runtime.getRuntime();
        return new Packing((runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory()) / 2);
    }

    /** Packs a weight if it is not packed yet and fits. */
    void prepare(CpuWeight weight, Workers workers) {
        long needed = weight.packedBytes();
        if (!weight.isPacked() && needed >= 0 && needed <= room) {
            weight.pack(workers);
            room -= needed;
            bytes += needed;
        }
    }

    /** Bytes of the copies made so far. */
    long bytes() {
        return bytes;
    }
}
