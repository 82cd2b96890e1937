package dev.sluice.bench.speed;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Runs until two runs in a row agree, or the time is spent. */
final class WarmUp {
    /** Two runs agree if none of their rates differs by more than this part of the larger. */
    static final double TOLERANCE = 0.05;

    private final Duration limit;
    private final LongSupplier nanoTime;

    /** @param limit no run is started after this time; zero for no warm-up at all */
    WarmUp(Duration limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /** @return whether two runs agreed */
    boolean settle(Supplier<Rates> run) {
        long start = nanoTime.getAsLong();
        Rates last = null;
        while (nanoTime.getAsLong() - start < limit.toNanos()) {
            Rates next = run.get();
            if (last != null && agree(last.prefill(), next.prefill()) && agree(last.decode(), next.decode())) {
                return true;
            }
            last = next;
        }
        return false;
    }

    private static boolean agree(double a, double b) {
        return Math.abs(a - b) <= TOLERANCE * Math.max(a, b);
    }
}
