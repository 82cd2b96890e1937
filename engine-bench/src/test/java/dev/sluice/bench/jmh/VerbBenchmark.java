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
    private static final int CALLS_WITHOUT_GAIN = 500;

    Fixture fixture;

    /** Calls a verb until it gets no faster: the first calls are interpreted, a thousand times slower, and then few in a second. */
    static void warm(Runnable verb) {
        long start = System.nanoTime();
        long best = Long.MAX_VALUE;
        int idle = 0;
        long now = start;
        while (now - start < MOST_SECONDS * 1e9 && (now - start < LEAST_SECONDS * 1e9 || idle < CALLS_WITHOUT_GAIN)) {
            verb.run();
            long end = System.nanoTime();
            idle = end - now < 0.95 * best ? 0 : idle + 1;
            best = Math.min(best, end - now);
            now = end;
        }
    }

    @TearDown
    public void close() {
        fixture.close();
    }
}
