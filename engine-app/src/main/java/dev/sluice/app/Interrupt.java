package dev.sluice.app;

import dev.sluice.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C cancels the generation; the JVM then waits until the result is out. */
record Interrupt(Cancellation cancellation, CountDownLatch printed) implements AutoCloseable {
    static Interrupt cancels(Cancellation cancellation) {
        return new Interrupt(cancellation, new CountDownLatch(1));
    }

    void arm() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            cancellation.cancel();
            try {
                printed.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Override
    public void close() {
        printed.countDown();
    }
}
