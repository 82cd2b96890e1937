package dev.sluice.bench.speed;

import dev.sluice.LogitsConsumer;
import dev.sluice.Model;
import dev.sluice.Session;
import dev.sluice.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Prefill and decode rates in the manner of llama-bench: random token ids of a fixed seed, the same in every run; decoding
 * reads one id at a time and computes its logits, and samples nothing.
 *
 * <p>A depth is filled once and not measured; each run goes on from a fork of that session. With a depth, prefill and decode
 * both start at it; without one, the prompt is read into an empty session and decoding goes on after it.
 */
public final class SpeedBench {
    private static final int SEED = 42;

    /** Tokens between two signs of life while a depth is filled. */
    private static final int PIECE = 512;

    private static final LogitsConsumer IGNORED = (position, logits) -> {};

    private final Model model;
    private final SpeedOptions options;
    private final Optional<Peer> peer;
    private final Progress progress;
    private final WarmUp warmUp;

    /** @param peer another program that takes its turn after each measured run */
    public SpeedBench(Model model, SpeedOptions options, Optional<Peer> peer, Progress progress) {
        this.model = model;
        this.options = options;
        this.peer = peer;
        this.progress = progress;
        this.warmUp = new WarmUp(options.warmUp(), System::nanoTime);
    }

    /**
     * Measures everything, in the order of the options.
     *
     * @throws IllegalArgumentException if the model has not as much context, or there is not the memory
     * @throws IOException if the peer fails
     */
    public List<Measurement> run() throws IOException {
        SessionOptions session = SessionOptions.ofContext(options.context()).withKvType(options.kvType());
        List<Measurement> measurements = new ArrayList<>();
        Session base = null;
        OptionalInt held = OptionalInt.empty();
        try {
            for (Combination c : options.combinations()) {
                if (base == null || c.prefillDepth() != held.orElseThrow()) {
                    if (base != null) {
                        base.close();
                    }
                    base = model.newSession(session);
                    fill(base, c.prefillDepth());
                    held = OptionalInt.of(c.prefillDepth());
                }
                measurements.add(measure(c, base));
            }
        } finally {
            if (base != null) {
                base.close();
            }
        }
        return measurements;
    }

    private void fill(Session session, int depth) {
        int[] ids = ids(depth, 0);
        for (int from = 0; from < depth; from += PIECE) {
            progress.show("reading " + depth + " tokens, not measured: " + from);
            session.forward(Arrays.copyOfRange(ids, from, Math.min(depth, from + PIECE)));
        }
    }

    private Measurement measure(Combination c, Session base) throws IOException {
        progress.show(c + ": warming up");
        boolean settled = warmUp.settle(() -> run(c, base).rates());
        List<Rates> own = new ArrayList<>();
        long stateBytes = 0;
        List<Rates> other = new ArrayList<>();
        for (int i = 1; i <= options.repetitions(); i++) {
            progress.show(c + ": run " + i + " of " + options.repetitions());
            Run run = run(c, base);
            own.add(run.rates());
            stateBytes = run.stateBytes(); // the same each time
            if (peer.isPresent()) {
                progress.show(c + ": run " + i + " of " + options.repetitions() + ", the other program");
                other.add(peer.get().run(c));
            }
        }
        return new Measurement(c, pair(c, own), settled, stateBytes, peer.map(p -> pair(c, other)));
    }

    private static Measurement.Pair pair(Combination c, List<Rates> rates) {
        return new Measurement.Pair(
                new Samples(
                        c.prompt() == 0
                                ? List.of()
                                : rates.stream().map(Rates::prefill).toList()),
                new Samples(
                        c.generated() == 0
                                ? List.of()
                                : rates.stream().map(Rates::decode).toList()));
    }

    /** @param stateBytes what the session held at the end */
    private record Run(Rates rates, long stateBytes) {}

    private Run run(Combination c, Session base) {
        int[] prompt = ids(c.prompt(), 1);
        int[] generated = ids(c.generated(), 2);
        int[] next = new int[1];
        Session session = base.fork();
        try {
            long start = System.nanoTime();
            if (prompt.length > 0) {
                session.forward(prompt);
            }
            double prefill = rate(prompt.length, start);
            if (c.depth().isPresent() && prompt.length > 0 && generated.length > 0) {
                session.close();
                session = base.fork();
            }
            start = System.nanoTime();
            for (int id : generated) {
                next[0] = id;
                session.forward(next, IGNORED); // of one id, all logits are those of the last
            }
            Rates rates = new Rates(prefill, rate(generated.length, start));
            return new Run(rates, session.bytes());
        } finally {
            session.close();
        }
    }

    private static double rate(int tokens, long start) {
        return tokens * 1e9 / (System.nanoTime() - start);
    }

    private int[] ids(int count, int stream) {
        return new Random(SEED + stream).ints(count, 0, model.vocabularySize()).toArray();
    }
}
