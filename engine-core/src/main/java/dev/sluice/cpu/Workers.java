package dev.sluice.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A persistent team of threads for the parts of one operation. The caller works too; helpers spin briefly for the next
 * job and then park, so that an idle model costs no processor time.
 */
final class Workers implements AutoCloseable {
    /** One part of an operation; {@code worker} is below {@link Workers#size()} and never used twice at once. */
    @FunctionalInterface
    interface Part {
        void run(int part, int worker);
    }

    private static final int SPINS = 2000;

    private final Thread[] helpers;
    private volatile Job job;
    private volatile boolean closed;

    /** @param size threads in all, the caller among them; at least 1 */
    Workers(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("threads: " + size + ", expected at least 1");
        }
        helpers = new Thread[size - 1];
        for (int i = 0; i < helpers.length; i++) {
            int worker = i + 1;
            helpers[i] =
                    Thread.ofPlatform().daemon().name("sluice-worker-" + worker).unstarted(() -> help(worker));
        }
        for (Thread helper : helpers) {
            helper.start();
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
        Job next = new Job(part, parts, Thread.currentThread());
        job = next;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        next.work(0);
        next.await();
        job = null;
        next.rethrow();
    }

    private void help(int worker) {
        Job last = null;
        int spins = 0;
        while (!closed) {
            Job current = job;
            if (current != null && current != last) {
                current.work(worker);
                last = current;
                spins = 0;
            } else if (spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                last = null;
                if (job == null || job == current) {
                    LockSupport.park(this);
                }
                spins = 0;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private static final class Job {
        private final Part part;
        private final int parts;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Job(Part part, int parts, Thread caller) {
            this.part = part;
            this.parts = parts;
            this.caller = caller;
        }

        void work(int worker) {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    part.run(i, worker);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    if (done.incrementAndGet() == parts) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        void await() {
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

        private boolean interrupted;

        void rethrow() {
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (RuntimeException) thrown;
            }
        }
    }
}
