package dev.sluice.bench.jmh;

import dev.sluice.bench.speed.Machine;
import dev.sluice.bench.speed.MachineLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures the machine, runs all benchmarks, measures the machine again, and writes benchmarks.md and roofline.svg. */
public final class Benchmarks {
    private static final int FORKS = 5;

    private Benchmarks() {}

    /** Usage: {@code Benchmarks OUT_DIRECTORY [--quick] [PATTERN]}; a pattern of JMH chooses some of the benchmarks. */
    public static void main(String[] args) throws Exception {
        List<String> rest = List.of(args).subList(1, args.length);
        boolean quick = rest.contains("--quick");
        String pattern = rest.stream()
                .filter(a -> !a.equals("--quick"))
                .findFirst()
                .orElse(Benchmarks.class.getPackageName().replace(".", "\\.") + "\\..*");
        int threads = Runtime.getRuntime().availableProcessors();
        int forks = quick ? 1 : FORKS;
        MachineLimits before = MachineLimits.measure(threads, Optional.empty());
        List<Result> results = new Runner(options(pattern, forks, quick))
                .run().stream().map(Result::of).toList();
        MachineLimits limits = before.max(MachineLimits.measure(threads, Optional.empty()));
        Machine machine = Machine.current();
        Path out = Files.createDirectories(Path.of(args[0]));
        String table = ResultTable.of(results, limits, machine, threads, forks);
        Files.writeString(out.resolve("benchmarks.md"), table);
        Files.writeString(out.resolve("roofline.svg"), Roofline.of(results, limits, machine));
        System.out.println("\n" + table);
    }

    /**
     * A few seconds a fork: each warms up by itself, see {@link VerbBenchmark#warm}. With {@code -Xbatch} a call waits for its
     * compilation, so that this suffices on a busy machine too.
     */
    private static Options options(String pattern, int forks, boolean quick) {
        return new OptionsBuilder()
                .include(pattern)
                .jvmArgsAppend("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xbatch")
                .forks(forks)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(250))
                .measurementIterations(quick ? 2 : 3)
                .measurementTime(TimeValue.milliseconds(250))
                .shouldFailOnError(true)
                .build();
    }
}
