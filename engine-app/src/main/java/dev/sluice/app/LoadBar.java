package dev.sluice.app;

import dev.sluice.LoadProgress;
import java.io.PrintWriter;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A bar that shows how far a model is loaded, on a terminal, for loads of more than a second; erased at the end. */
final class LoadBar implements LoadProgress, AutoCloseable {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long REDRAW_MILLIS = 200;
    private static final int WIDTH = 20;

    private final Supplier<StatusLine> place;
    private final LongSupplier clock;
    private final long start;
    private long done;
    private long total;
    private StatusLine line; // null until there is something to draw
    private String drawn = "";
    private boolean closed;

    /**
     * @param place where to draw; asked only when a load takes long
     * @param clock in nanoseconds
     */
    LoadBar(Supplier<StatusLine> place, LongSupplier clock) {
        this.place = place;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** A bar that draws itself from time to time, however rare the reports are. */
    static LoadBar onStandardError() {
        LoadBar bar = new LoadBar(() -> StatusLine.of(new PrintWriter(System.err)), System::nanoTime);
        Thread.ofVirtual().start(() -> {
            try {
                while (bar.draw()) {
                    Thread.sleep(REDRAW_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return bar;
    }

    @Override
    public synchronized void report(long done, long total) {
        this.done = done;
        this.total = total;
    }

    /** Draws what has changed; false if there is nothing to draw any more. */
    synchronized boolean draw() {
        if (closed) {
            return false;
        }
        if (clock.getAsLong() - start <= PATIENCE_NANOS) {
            return true;
        }
        if (line == null) {
            line = place.get();
        }
        if (!line.visible()) {
            return false;
        }
        double share = total == 0 ? 0 : (double) done / total;
        int filled = (int) (WIDTH * share);
        String bar = "loading [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] "
                + String.format("%3d%%", (int) (100 * share));
        if (!bar.equals(drawn)) {
            line.show(bar);
            drawn = bar;
        }
        return true;
    }

    /** Erases it. */
    @Override
    public synchronized void close() {
        closed = true;
        if (!drawn.isEmpty()) {
            line.clear();
        }
    }
}
