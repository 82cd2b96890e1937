package dev.sluice.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A persistent team of threads for the parts of one operation. The caller works too; helpers spin briefly for the next
 * operation and then park, so that an idle model costs no processor time. Nothing is allocated for an operation.
 *
 * <p>Each worker has a stretch of adjacent parts, and takes from another's when its own is done: two cores that read memory side
 * by side are slower than two that read far apart.
 */
final class Workers implements AutoCloseable {
    /** One part of an operation; {@code worker} is below {@link Workers#size()} and never used twice at once. */
    @FunctionalInterface
    interface Part {
        void run(int part, int worker);
    }

    private static final int SPINS = 2000;

    /** Bits of a ticket for the next part; the end of the stretch stands above them. */
    private static final int BITS = 24;

    private static final int MASK = (1 << BITS) - 1;

    /** Room for the attempts that find no part left: one for each worker. */
    private static final int MAX_PARTS = MASK / 2;

    /** Tickets are so far apart that no two are in one cache line, nor in a pair of lines fetched together. */
    private static final int APART = 16;

    private final Helper[] helpers;

    /**
     * Of each worker's stretch its end and the next part. Who increments it owns that part, and as the operation cannot end
     * before, {@link #part} and {@link #parts} are that operation's.
     */
    private final AtomicLongArray tickets; // [workers][APART]

    private final AtomicInteger done = new AtomicInteger();
    private int parts;
    private Part part;
    private Thread caller;
    private volatile Throwable failure;
    private volatile boolean closed;

    /** @param size threads in all, the caller among them; at least 1 */
    Workers(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("threads: " + size + ", expected at least 1");
        }
        tickets = new AtomicLongArray((size + 1) * APART);
        helpers = new Helper[size - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
        }
        for (Helper helper : helpers) {
            helper.thread.start();
        }
    }

    int size() {
        return helpers.length + 1;
    }

    /** Runs parts 0 to {@code parts - 1}, in any order, and returns when all are done. Called by one thread at a time. */
    void run(int parts, Part part) {
        if (helpers.length == 0 || parts <= 1) {
            for (int i = 0; i < parts; i++) {
                part.run(i, 0);
            }
            return;
        }
        if (parts > MAX_PARTS) {
            throw new IllegalArgumentException(parts + " parts, expected at most " + MAX_PARTS);
        }
        this.part = part;
        this.parts = parts;
        caller = Thread.currentThread();
        failure = null;
        done.set(0);
        for (int i = 0; i < size(); i++) {
            long from = (long) parts * i / size();
            long to = (long) parts * (i + 1) / size();
            tickets.set((i + 1) * APART, to << BITS | from);
        }
        for (Helper helper : helpers) {
            helper.wake();
        }
        work(0);
        await(parts);
        rethrow();
    }

    private static boolean hasPart(long ticket) {
        return ((int) ticket & MASK) < (int) (ticket >>> BITS);
    }

    private boolean hasPart() {
        for (int i = 1; i <= size(); i++) {
            if (hasPart(tickets.get(i * APART))) {
                return true;
            }
        }
        return false;
    }

    private void work(int worker) {
        for (int i = 0; i < size(); i++) {
            work(worker, (1 + (worker + i) % size()) * APART);
        }
    }

    private void work(int worker, int ticket) {
        int mine = 0;
        for (long next = take(ticket); hasPart(next); next = take(ticket)) {
            try {
                part.run((int) next & MASK, worker);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            mine++;
        }
        if (mine > 0) {
            int all = parts; // read before these parts count as done: then the next operation may begin
            if (done.addAndGet(mine) == all) {
                LockSupport.unpark(caller);
            }
        }
    }

    private long take(int ticket) {
        return hasPart(tickets.get(ticket)) ? tickets.getAndIncrement(ticket) : 0;
    }

    private void await(int parts) {
        boolean interrupted = false;
        for (int spins = 0; done.get() < parts; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                // An interrupt would turn every park into a spin; the step is short, so only remember it.
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
    }

    private void rethrow() {
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            LockSupport.unpark(helper.thread);
        }
    }

    private final class Helper {
        private final Thread thread;
        private volatile boolean parked;

        Helper(int worker) {
            thread =
                    Thread.ofPlatform().daemon().name("sluice-worker-" + worker).unstarted(() -> help(worker));
        }

        private void help(int worker) {
            int spins = 0;
            while (!closed) {
                if (hasPart()) {
                    work(worker);
                    spins = 0;
                } else if (spins++ < SPINS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (!hasPart() && !closed) {
                        LockSupport.park(Workers.this);
                    }
                    parked = false;
                    spins = 0;
                }
            }
        }

        /** The tickets are written before {@code parked} is read, and the other way round there: no wake-up is lost. */
        void wake() {
            if (parked) {
                LockSupport.unpark(thread);
            }
        }
    }
}
