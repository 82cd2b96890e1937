package dev.sluice.bench.jmh;

import dev.sluice.bench.speed.Machine;
import dev.sluice.bench.speed.MachineLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures the machine, runs all benchmarks, measures the machine again. The file is written after each benchmark. */
public final class Benchmarks {
    private static final int FORKS = 5;

    /** Of one fork, from start to end, on two idle cores; only for what is said at the start. */
    private static final double SECONDS_OF_A_FORK = 4;

    private final Path file;
    private final int forks;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final List<Result> results = new ArrayList<>();

    private Benchmarks(Path file, int forks) {
        this.file = file;
        this.forks = forks;
    }

    /** Usage: {@code Benchmarks OUT.json [--quick] [PATTERN]}, or {@code Benchmarks --show FILE.json}: the table, and the picture. */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("--show")) {
            show(Path.of(args[1]));
            return;
        }
        List<String> rest = List.of(args).subList(1, args.length);
        String pattern = rest.stream()
                .filter(a -> !a.equals("--quick"))
                .findFirst()
                .orElse(Benchmarks.class.getPackageName().replace(".", "\\.") + "\\..*");
        new Benchmarks(Path.of(args[0]), rest.contains("--quick") ? 1 : FORKS).run(pattern);
    }

    private static void show(Path file) throws IOException {
        Report report = Report.read(file);
        Files.writeString(Report.picture(file), Roofline.of(report));
        System.out.println("\n" + ResultTable.of(report));
    }

    private void run(String pattern) throws IOException, RunnerException {
        int count = count(pattern);
        if (count == 0) {
            System.err.println(
                    "scripts/benchmarks: no benchmark has a name that matches " + pattern + "; try ProductBenchmark");
            System.exit(2);
        }
        System.out.println(Text.of(
                "%s, %s of each, about %.0f min",
                Text.count(count, "benchmark"),
                Text.count(forks, "fork"),
                Math.ceil(count * forks * SECONDS_OF_A_FORK / 60)));
        MachineLimits before = MachineLimits.measure(threads, Optional.empty());
        Progress progress = new Progress(count, run -> {
            Result result = Result.of(run);
            results.add(result);
            write(before);
            return Text.of(
                            "%s %s %s, %s: %s",
                            result.verb(),
                            result.shape(),
                            result.type(),
                            Text.count(result.rows(), "row"),
                            result.text(before))
                    .replace(" ,", ",");
        });
        try {
            new Runner(options(pattern), progress).run();
        } catch (RunnerException e) {
            System.err.println(progress.said());
            throw e;
        }
        write(before.max(MachineLimits.measure(threads, Optional.empty())));
    }

    private void write(MachineLimits limits) {
        Machine machine = Machine.current();
        Map<String, Object> found = Map.of("cpu", machine.cpu(), "jvm", machine.jvm());
        try {
            new Report(LocalDate.now().toString(), found, threads, forks, limits, results).write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int count(String pattern) {
        OutputFormat nowhere = new Progress(0, result -> "");
        int count = 0;
        for (BenchmarkListEntry entry : BenchmarkList.defaultList().find(nowhere, List.of(pattern), List.of())) {
            count += entry.getParams().get().values().stream()
                    .mapToInt(values -> values.length)
                    .reduce(1, Math::multiplyExact);
        }
        return count;
    }

    /**
     * One iteration a fork, as what differs is the forks: each compiles anew and lies elsewhere in memory. Each warms up by
     * itself, see {@link VerbBenchmark#warm}; JMH's warm-up is for its own loop. With {@code -Xbatch} a call waits for its
     * compilation, so that this suffices on a busy machine too. The rest is as the launcher has it.
     */
    private Options options(String pattern) {
        return new OptionsBuilder()
                .include(pattern)
                .jvmArgsAppend(
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-XX:+UseSerialGC",
                        "-XX:+UseTransparentHugePages",
                        "-Xbatch")
                .forks(forks)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(100))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(400))
                .shouldFailOnError(true)
                .build();
    }
}
