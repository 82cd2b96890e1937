package dev.sluice.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** A line for each benchmark that ends. What JMH says besides is kept until the next one begins, in case of a failure. */
final class Progress implements OutputFormat {
    private final int count;
    private final Function<BenchmarkResult, String> ended;
    private final StringBuilder said = new StringBuilder();
    private final long start = System.nanoTime();
    private int done;

    /**
     * @param count of all benchmarks
     * @param ended keeps a result, and says it in a few words
     */
    Progress(int count, Function<BenchmarkResult, String> ended) {
        this.count = count;
        this.ended = ended;
    }

    /** What JMH and the last fork said. */
    String said() {
        return said.toString();
    }

    @Override
    public void startBenchmark(BenchmarkParams benchmark) {
        said.setLength(0);
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        if (result == null) { // it failed
            return;
        }
        done++;
        Duration left = Duration.ofNanos((System.nanoTime() - start) / done * (count - done));
        System.out.println(Text.of(
                "%d/%d %s; %d:%02d left", done, count, ended.apply(result), left.toMinutes(), left.toSecondsPart()));
    }

    @Override
    public void print(String text) {
        said.append(text);
    }

    @Override
    public void println(String text) {
        said.append(text).append('\n');
    }

    @Override
    public void verbosePrintln(String text) {}

    @Override
    public void write(int b) {
        said.append((char) b);
    }

    @Override
    public void write(byte[] bytes) {
        said.append(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {}

    @Override
    public void iterationResult(
            BenchmarkParams benchmark, IterationParams params, int iteration, IterationResult data) {}

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> results) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
