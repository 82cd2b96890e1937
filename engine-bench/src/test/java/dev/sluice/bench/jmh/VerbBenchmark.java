package dev.sluice.bench.jmh;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
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
    private static final double MOST_SECONDS = 2.5;
    private static final double SECONDS_WITHOUT_GAIN = 0.4;
    private static final double LEAST_SECONDS_WITHOUT_GAIN = 0.2;
    private static final int CALLS_WITHOUT_GAIN = 500;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    Fixture fixture;

    /**
     * Calls a verb until it gets no faster and nothing more is compiled: the first calls are interpreted, a thousand times slower,
     * and then few in a second. A call of little work is compiled after hundreds of calls, one of much work after a few.
     */
    static void warm(Runnable verb) {
        long start = System.nanoTime();
        long best = Long.MAX_VALUE;
        long compiled = 0;
        long gained = start; // when it last became faster, or something was compiled
        int idle = 0;
        long now = start;
        while (now - start < MOST_SECONDS * 1e9
                && now - gained
                        < (idle < CALLS_WITHOUT_GAIN ? SECONDS_WITHOUT_GAIN : LEAST_SECONDS_WITHOUT_GAIN) * 1e9) {
            verb.run();
            long end = System.nanoTime();
            long compiling = COMPILER.getTotalCompilationTime();
            boolean gain = end - now < 0.95 * best || compiling > compiled;
            compiled = compiling;
            gained = gain ? end : gained;
            idle = gain ? 0 : idle + 1;
            best = Math.min(best, end - now);
            now = end;
        }
    }

    @TearDown
    public void close() {
        fixture.close();
    }
}
