package dev.sluice.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What all have in common: a fixture, and seconds for one call of a verb. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
public abstract class VerbBenchmark {
    private static final double LEAST_SECONDS = 0.3;
    private static final double MOST_SECONDS = 1.5;
    private static final double SECONDS_WITHOUT_GAIN = 0.2;

    Fixture fixture;

    /** Calls a verb until it gets no faster: the first calls are interpreted, a thousand times slower, and then few in a second. */
    static void warm(Runnable verb) {
        long start = System.nanoTime();
        long best = Long.MAX_VALUE;
        long gain = start; // when it last became faster
        long now = start;
        while (now - start < MOST_SECONDS * 1e9
                && (now - start < LEAST_SECONDS * 1e9 || now - gain < SECONDS_WITHOUT_GAIN * 1e9)) {
            verb.run();
            long end = System.nanoTime();
            gain = end - now < 0.95 * best ? end : gain;
            best = Math.min(best, end - now);
            now = end;
        }
    }

    @TearDown
    public void close() {
        fixture.close();
    }
}
