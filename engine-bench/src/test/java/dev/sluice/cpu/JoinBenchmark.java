package dev.sluice.cpu;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to hand an operation to the workers and wait for all of them: four parts for each, that do
 * nothing. Stands in the package of {@link Workers}, which is nobody else's business.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 5,
        jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector"})
public class JoinBenchmark {
    @Param({"1", "2"})
    int threads;

    private Workers workers;

    @Setup
    public void start() {
        workers = new Workers(threads);
    }

    @TearDown
    public void stop() {
        workers.close();
    }

    @Benchmark
    public void join() {
        workers.run(4 * threads, (part, worker) -> {});
    }
}
