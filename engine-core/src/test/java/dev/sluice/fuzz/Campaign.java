package dev.sluice.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many trials, each known by the seed and its index whatever the number of threads, with bounded time and memory. Says on
 * standard output what became of them.
 *
 * <p>Options: {@code --count N}, {@code --seed S}, {@code --threads T}, and {@code --only I} to run one trial.
 */
public final class Campaign {
    /** Makes the trial of an index. */
    public interface Trials {
        Trial make(long index) throws Exception;
    }

    /** One thing to try; its text says what it is. */
    public interface Trial {
        /**
         * Tries it.
         *
         * @return what became of it, to be counted
         * @throws Exception if that should not have been; an error counts as much
         */
        List<String> run() throws Exception;
    }

    /** Memory of the JVM that the trials run in. */
    public static final String HEAP = "256m";

    /** A hang; a trial takes milliseconds. Computing time, as the machine may be busy. */
    private static final double MOST_CPU_SECONDS = 20;

    private static final double MOST_WALL_SECONDS = 300;
    /** What the process may take beside its heap: the JVM itself, its code and stacks, and what the engine keeps outside. */
    private static final long MOST_OUTSIDE_HEAP = 384L << 20;

    private static final int SHOWN_FAILURES = 20;
    private static final int LONGEST_SHOWN = 1000;
    private static final List<String> OPTIONS = List.of("--count", "--seed", "--threads", "--only");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** A thread at work on a trial since a time, in nanoseconds of its own and of the clock. */
    private record Work(Thread thread, String trial, long cpuStart, long wallStart) {}

    private final Map<String, Long> options = new TreeMap<>(Map.of("--count", 20_000L, "--seed", 1L, "--threads", 1L));
    private final Map<Long, Work> works = new ConcurrentHashMap<>();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private String slowest = "";
    private long slowestNanos;

    /** The options of the command line. */
    public Campaign(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + ": expected " + OPTIONS + ", each with a number");
            }
            options.put(args[i], Long.valueOf(args[i + 1]));
        }
    }

    public long seed() {
        return options.get("--seed");
    }

    /** The random numbers of one trial. */
    public SplittableRandom random(long index) {
        return new SplittableRandom(seed() ^ index * 0x9E3779B97F4A7C15L);
    }

    /** Runs all trials; false if any failed. Ends the JVM with status 3 as soon as one takes too long. */
    public boolean run(Trials trials) throws InterruptedException {
        long first = options.getOrDefault("--only", 0L);
        long end = options.containsKey("--only") ? first + 1 : options.get("--count");
        int threads = options.get("--threads").intValue();
        long start = System.nanoTime();
        Thread.ofPlatform().daemon().name("watch").start(this::watch);
        AtomicLong next = new AtomicLong(first);
        List<Thread> team = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            team.add(Thread.ofPlatform().name("fuzz-" + t).start(() -> work(trials, next, end)));
        }
        for (Thread thread : team) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%d trials, seed %d, %d threads, %.0f s%n", end - first, seed(), threads, seconds);
        outcomes.forEach((outcome, count) -> System.out.printf("%10d  %s%n", count, outcome));
        System.out.printf("slowest %.2f s: %s%n", slowestNanos / 1e9, slowest);
        checkMemory();
        failures.forEach((failure, count) -> System.out.printf("FAILED %d times: %s%n", count, failure));
        return failures.isEmpty();
    }

    /** The number of trials with this outcome, in what a campaign printed. */
    public static long counted(String output, String outcome) {
        Matcher line = Pattern.compile("^ *(\\d+)  " + Pattern.quote(outcome) + "$", Pattern.MULTILINE)
                .matcher(output);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    private void work(Trials trials, AtomicLong next, long end) {
        Thread thread = Thread.currentThread();
        for (long index; (index = next.getAndIncrement()) < end; ) {
            String name = "trial " + index;
            List<String> results = List.of();
            long start = THREADS.getCurrentThreadCpuTime();
            try {
                Trial trial = trials.make(index);
                name = "trial " + index + " of seed " + seed() + ", " + trial;
                works.put(thread.threadId(), new Work(thread, name, start, System.nanoTime()));
                results = trial.run();
            } catch (Throwable e) { // an OutOfMemoryError too
                fail(name, e);
            }
            works.remove(thread.threadId());
            finish(name, results, THREADS.getCurrentThreadCpuTime() - start);
            if (index % 50_000 == 49_999) {
                System.err.println(index + 1 + " trials");
            }
        }
    }

    private synchronized void finish(String trial, List<String> results, long nanos) {
        results.forEach(outcome -> outcomes.merge(outcome, 1L, Long::sum));
        if (nanos > slowestNanos) {
            slowestNanos = nanos;
            slowest = shown(trial);
        }
    }

    /** Counts a failure by what it is and where; the first of a kind is printed. */
    private synchronized void fail(String trial, Throwable e) {
        StackTraceElement[] trace = (e.getCause() == null ? e : e.getCause()).getStackTrace();
        String kind = e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        if (failures.merge(kind, 1L, Long::sum) == 1 && failures.size() <= SHOWN_FAILURES) {
            System.out.println("FAILED: " + shown(trial));
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                System.out.println("  " + shown(cause.toString()));
                print(cause.getStackTrace());
            }
        }
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(LONGEST_SHOWN, text.length())).replaceAll("\\p{Cntrl}", "^");
    }

    private static void print(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            System.out.println("      " + frame);
        }
    }

    private void watch() {
        while (true) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                return;
            }
            for (Work work : works.values()) {
                double cpu = (THREADS.getThreadCpuTime(work.thread.threadId()) - work.cpuStart) / 1e9;
                double wall = (System.nanoTime() - work.wallStart) / 1e9;
                boolean late = cpu > MOST_CPU_SECONDS || wall > MOST_WALL_SECONDS;
                if (late && works.get(work.thread.threadId()) == work) {
                    System.out.printf("FAILED: takes %.0f s, %.0f of computing: %s%n", wall, cpu, shown(work.trial));
                    print(work.thread.getStackTrace());
                    Runtime.getRuntime().halt(3);
                }
            }
        }
    }

    /** The most memory that the process had at once, where Linux tells. */
    private void checkMemory() {
        long heap = Runtime.getRuntime().maxMemory();
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            lines.filter(line -> line.startsWith("VmHWM:")).forEach(line -> {
                long bytes = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                System.out.printf("resident at most %d MiB, with a heap of %d MiB%n", bytes >> 20, heap >> 20);
                if (bytes > heap + MOST_OUTSIDE_HEAP) {
                    failures.put("memory outside the heap", 1L);
                }
            });
        } catch (IOException e) {
            System.out.println("resident memory is unknown: " + e.getMessage());
        }
    }
}
