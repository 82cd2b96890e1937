package dev.sluice.cpu;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Which weights get an interleaved copy on the heap: each when it is recorded, as long as there is room. The others are
 * interleaved tile by tile in each product, with the same results, several times slower for single rows.
 */
final class Packing {
    private final LongConsumer ready;
    private final boolean planned;
    private final Set<CpuWeight> prepared = Collections.newSetFromMap(new IdentityHashMap<>());
    private long room;
    private long packed;
    private long mapped;

    /**
     * @param room bytes that the copies may take
     * @param planned count the copies and make none
     * @param ready told the bytes of each weight that is ready for products
     */
    Packing(long room, boolean planned, LongConsumer ready) {
        this.planned = planned;
        this.room = room;
        this.ready = ready;
    }

    /** Packs weights that a product reads in turns: as one if they are alike and fit, else each for itself. */
    void prepare(Workers workers, CpuWeight... weights) {
        long needed = CpuWeight.packedBytes(weights);
        if (weights.length > 1 && (needed < 0 || needed > room)) {
            for (CpuWeight weight : weights) {
                prepare(workers, weight);
            }
            return;
        }
        if (!prepared.addAll(List.of(weights))) {
            return;
        }
        if (needed >= 0 && needed <= room) {
            if (!planned) {
                CpuWeight.pack(workers, weights);
            }
            room -= needed;
            packed += needed;
        } else if (needed >= 0) {
            mapped += needed;
        }
        for (CpuWeight weight : weights) {
            ready.accept(weight.bytes());
        }
    }

    /** Bytes of the copies. */
    long packed() {
        return packed;
    }

    /** Bytes of the copies for which there was no room. */
    long mapped() {
        return mapped;
    }
}
