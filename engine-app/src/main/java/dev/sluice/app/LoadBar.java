package dev.sluice.app;

import dev.sluice.LoadProgress;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jline.terminal.spi.SystemStream;

/** A bar that shows how far a model is loaded, on a terminal, for loads of more than a second; erased at the end. */
final class LoadBar implements LoadProgress, AutoCloseable {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long REDRAW_MILLIS = 200;
    private static final int WIDTH = 20;

    private final PrintStream out;
    private final BooleanSupplier terminal;
    private final LongSupplier clock;
    private final long start;
    private long done;
    private long total;
    private String drawn = "";
    private boolean closed;

    /**
     * @param terminal whether to draw at all; asked only when a load takes long
     * @param clock in nanoseconds
     */
    LoadBar(PrintStream out, BooleanSupplier terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** A bar that draws itself from time to time, however rare the reports are. */
    static LoadBar onStandardError() {
        LoadBar bar = new LoadBar(
                System.err, () -> !Terminal.isDumb() && Terminal.isTerminal(SystemStream.Error), System::nanoTime);
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
        if (drawn.isEmpty() && !terminal.getAsBoolean()) {
            return false;
        }
        double share = total == 0 ? 0 : (double) done / total;
        int filled = (int) (WIDTH * share);
        String bar = "loading [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] "
                + String.format("%3d%%", (int) (100 * share));
        if (!bar.equals(drawn)) {
            out.print("\r" + bar);
            out.flush();
            drawn = bar;
        }
        return true;
    }

    /** Erases it. */
    @Override
    public synchronized void close() {
        closed = true;
        if (!drawn.isEmpty()) {
            out.print("\r" + " ".repeat(drawn.length()) + "\r");
            out.flush();
        }
    }
}
