package dev.sluice.bench.depth;

import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.Session;
import dev.sluice.SessionOptions;
import dev.sluice.bench.speed.Machine;
import dev.sluice.bench.speed.PeakMemory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Reads one long prompt in pieces, and prints how speed and memory change with its length: a table in Markdown. */
public final class LongContext {
    private static final int FIRST = 1024;
    private static final int PIECE = 512;
    private static final int DECODED = 9;
    private static final double MIB = 1 << 20;

    private LongContext() {}

    /** Usage: {@code LongContext MODEL TOKENS THREADS}; 0 threads are the engine's own choice. */
    public static void main(String[] args) throws Exception {
        int tokens = Integer.parseInt(args[1]);
        if (tokens <= DECODED) {
            throw new IllegalArgumentException(tokens + " tokens: at least " + (DECODED + 1) + " are read");
        }
        int threads = Integer.parseInt(args[2]);
        LoadOptions load =
                threads == 0 ? LoadOptions.defaults() : LoadOptions.defaults().withThreads(threads);
        Path file = Path.of(args[0]);
        PeakMemory memory = new PeakMemory();
        try (Model model = Model.load(file, load);
                Session session = model.newSession(SessionOptions.ofContext(tokens))) {
            int[] ids = new Random(1).ints(tokens, 0, model.vocabularySize()).toArray();
            warmUp(model, ids);
            say(
                    "%s, %s, %d threads, %s, pieces of %d tokens.%n%n",
                    file.getFileName(),
                    Machine.current().cpu(),
                    load.threads(),
                    session.options().kvType() + " keys and values",
                    PIECE);
            say(
                    "| tokens | prefill since the row above, tokens/s | decode there, ms a token | state, MiB | resident, MiB |%n"
                            + "|---|---|---|---|---|%n");
            int at = 0;
            for (int row = Math.min(FIRST, tokens); at + DECODED < tokens; row = Math.min(2 * row, tokens)) {
                // The last tokens before the row are those decoded: a prompt may fill the whole context.
                double rate = read(session, ids, at, row - DECODED);
                double millis = decodeMillis(session, ids, row - DECODED);
                at = row - DECODED;
                say(
                        "| %,d | %.0f | %.1f | %.0f | %s |%n",
                        row,
                        rate,
                        millis,
                        session.bytes() / MIB,
                        memory.bytes().isPresent()
                                ? "%.0f".formatted(memory.bytes().getAsLong() / MIB)
                                : "");
            }
        }
    }

    private static void warmUp(Model model, int[] ids) {
        try (Session session = model.newSession(SessionOptions.ofContext(3 * PIECE + DECODED))) {
            read(session, ids, 0, Math.min(3 * PIECE, ids.length));
            decodeMillis(session, ids, 0);
        }
    }

    /** Tokens a second. */
    private static double read(Session session, int[] ids, int from, int to) {
        long start = System.nanoTime();
        for (int at = from; at < to; at += PIECE) {
            session.forward(Arrays.copyOfRange(ids, at, Math.min(to, at + PIECE)));
            if (System.console() != null) {
                System.err.printf("\r%,d of %,d tokens \r", Math.min(to, at + PIECE), ids.length);
            }
        }
        return (to - from) / ((System.nanoTime() - start) / 1e9);
    }

    /** The median of some tokens from a position on, read into a fork. */
    private static double decodeMillis(Session session, int[] ids, int from) {
        double[] millis = new double[DECODED];
        try (Session fork = session.fork()) {
            for (int i = 0; i < DECODED; i++) {
                long start = System.nanoTime();
                fork.forward(ids[from + i]);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[DECODED / 2];
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
        System.out.flush();
    }
}
