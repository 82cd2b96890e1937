package dev.sluice.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A persistent team of threads for the parts of one operation. The caller works too; helpers spin briefly for the next
 * operation and then park, so that an idle model costs no processor time. Nothing is allocated for an operation.
 *
 * <p>Each worker has a stretch of adjacent parts, and takes from another's when its own is done: two cores that read memory side
 * by side are slower than two that read far apart. Parts that gain by it are taken several at once, fewer towards the end of a
 * stretch, as all wait for the last.
 */
final class Workers implements AutoCloseable {
    /** Parts {@code from} to {@code to - 1}; {@code worker} is below {@link Workers#size()} and never used twice at once. */
    @FunctionalInterface
    interface Parts {
        void run(int from, int to, int worker);
    }

    /** One part of an operation. */
    @FunctionalInterface
    interface Part extends Parts {
        void run(int part, int worker);

        @Override
        default void run(int from, int to, int worker) {
            for (int part = from; part < to; part++) {
                run(part, worker);
            }
        }
    }

    private static final int SPINS = 2000;

    /** Bits of a ticket for the next part; the end of the stretch stands above them. */
    private static final int BITS = 24;

    private static final int MASK = (1 << BITS) - 1;

    /** Tickets are so far apart that no two are in one cache line, nor in a pair of lines fetched together. */
    private static final int APART = 16;

    private final Helper[] helpers;

    /**
     * Of each worker's stretch its end and the next part. Who moves it on owns the parts between, and as the operation cannot end
     * before, {@link #parts} and {@link #count} are that operation's.
     */
    private final AtomicLongArray tickets; // [workers][APART]

    private final AtomicInteger done = new AtomicInteger();
    private Parts parts;
    private int count;
    private int most; // taken at once
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

    /** Runs parts 0 to {@code count - 1}, in any order, and returns when all are done. Called by one thread at a time. */
    void run(int count, Part part) {
        run(count, 1, part);
    }

    /** The same for parts of which at most {@code most} adjacent ones are taken at once. */
    void run(int count, int most, Parts parts) {
        if (helpers.length == 0 || count <= 1) {
            for (int from = 0; from < count; from += most) {
                parts.run(from, Math.min(count, from + most), 0);
            }
            return;
        }
        if (count > MASK) {
            throw new IllegalArgumentException(count + " parts, expected at most " + MASK);
        }
        this.parts = parts;
        this.count = count;
        this.most = most;
        caller = Thread.currentThread();
        failure = null;
        done.set(0);
        for (int i = 0; i < size(); i++) {
            long from = (long) count * i / size();
            long to = (long) count * (i + 1) / size();
            tickets.set((i + 1) * APART, to << BITS | from);
        }
        for (Helper helper : helpers) {
            helper.wake();
        }
        work(0);
        await();
        rethrow();
    }

    private static int next(long ticket) {
        return (int) ticket & MASK;
    }

    private static int end(long ticket) {
        return (int) (ticket >>> BITS);
    }

    private boolean hasPart() {
        for (int i = 1; i <= size(); i++) {
            long ticket = tickets.get(i * APART);
            if (next(ticket) < end(ticket)) {
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
        for (long taken = take(ticket); taken != 0; taken = take(ticket)) {
            try {
                parts.run(next(taken), end(taken), worker);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            mine += end(taken) - next(taken);
        }
        if (mine > 0) {
            int all = count; // read before these parts count as done: then the next operation may begin
            if (done.addAndGet(mine) == all) {
                LockSupport.unpark(caller);
            }
        }
    }

    /** The first of the parts that are taken and the end of them, as in a ticket; 0 if none is left. */
    private long take(int ticket) {
        while (true) {
            long now = tickets.get(ticket);
            int first = next(now);
            int left = end(now) - first;
            if (left <= 0) {
                return 0;
            }
            int taken = Math.clamp(left / 2, 1, most);
            if (tickets.compareAndSet(ticket, now, now + taken)) {
                return (long) (first + taken) << BITS | first;
            }
        }
    }

    private void await() {
        boolean interrupted = false;
        for (int spins = 0; done.get() < count; spins++) {
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
