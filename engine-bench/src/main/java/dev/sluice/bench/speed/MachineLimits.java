package dev.sluice.bench.speed;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the machine gives plain loops of the Vector API: the best of several ways to do each, and of several rounds. On a shared
 * machine the figures vary; measure before and after what they are compared with, and take {@link #max}.
 *
 * @param memoryRead bytes a second that all threads together sum from memory
 * @param fma floating-point operations a second of all threads in register tiles, F32
 */
public record MachineLimits(double memoryRead, double fma) {
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final int VECTOR = L.vectorByteSize();

    /** More than the caches of most processors hold. */
    private static final long BUFFER = 1L << 30;

    /** What one call reads or computes: little, so that the compiled code is entered soon. */
    private static final long PIECE = 1 << 20;

    private static final int PASSES = 16;

    private static final double ROUND_SECONDS = 0.04;
    private static final double LEAST_SECONDS = 0.5;
    private static final double MOST_SECONDS = 3;
    private static final int ROUNDS_WITHOUT_GAIN = 5;

    /** Sums a stretch of memory; returns a value that depends on all of it. */
    @FunctionalInterface
    private interface Reader {
        long sum(MemorySegment memory, long from, long bytes);
    }

    private static final List<Reader> READERS = List.of(MachineLimits::oneStream, MachineLimits::fourStreams);

    /** What a round computed, kept where the compiler cannot prove that nobody looks. */
    private static volatile double kept;

    /**
     * Takes a few seconds.
     *
     * @param file is mapped and read too, as far as the size of the buffer goes, if it is large: weights may be read this way
     * @throws IOException if the file cannot be read
     */
    public static MachineLimits measure(int threads, Optional<Path> file) throws IOException {
        return measure(threads, file, BUFFER);
    }

    static MachineLimits measure(int threads, Optional<Path> file, long buffer) throws IOException {
        try (ExecutorService team = Executors.newFixedThreadPool(threads);
                Arena arena = Arena.ofShared()) {
            double read =
                    bytesPerSecond(team, threads, arena.allocate(buffer, VECTOR).fill((byte) 1));
            if (file.isPresent() && Files.size(file.get()) >= buffer / 4) {
                try (FileChannel channel = FileChannel.open(file.get())) {
                    long size = Math.min(channel.size(), buffer);
                    MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
                    read = Math.max(read, bytesPerSecond(team, threads, mapped));
                }
            }
            double fma = 0;
            for (FmaTiles.Tile tile : FmaTiles.ALL) {
                fma = Math.max(fma, flops(team, threads, tile));
            }
            return new MachineLimits(read, fma);
        }
    }

    /** The better of each. */
    public MachineLimits max(MachineLimits other) {
        return new MachineLimits(Math.max(memoryRead, other.memoryRead), Math.max(fma, other.fma));
    }

    private static double bytesPerSecond(ExecutorService team, int threads, MemorySegment memory) {
        long part = memory.byteSize() / threads / (4 * VECTOR) * (4 * VECTOR);
        double best = 0;
        for (Reader reader : READERS) {
            best = Math.max(
                    best, best(() -> part * threads / time(team, threads, t -> read(reader, memory, t * part, part))));
        }
        return best;
    }

    private static long read(Reader reader, MemorySegment memory, long from, long bytes) {
        long sum = 0;
        for (long done = 0; done < bytes; done += PIECE) {
            sum += reader.sum(memory, from + done, Math.min(PIECE, bytes - done));
        }
        return sum;
    }

    private static double flops(ExecutorService team, int threads, FmaTiles.Tile tile) {
        float[] b = tile.b();
        float[][] a = new float[threads][];
        for (int t = 0; t < threads; t++) {
            a[t] = tile.a();
        }
        int[] calls = {1};
        return best(() -> {
            double seconds = time(team, threads, t -> repeat(tile, a[t], b, calls[0]));
            double rate = (double) tile.flop() * PASSES * calls[0] * threads / seconds;
            calls[0] *= seconds < ROUND_SECONDS ? 2 : 1;
            return rate;
        });
    }

    private static double repeat(FmaTiles.Tile tile, float[] a, float[] b, int calls) {
        double sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += tile.loop().run(a, b, PASSES);
        }
        return sum;
    }

    /** The best of many rounds: until some in a row bring nothing, but long enough for the code to be compiled. */
    private static double best(DoubleSupplier round) {
        long start = System.nanoTime();
        double best = 0;
        int idle = 0;
        for (double seconds = 0;
                seconds < MOST_SECONDS && (seconds < LEAST_SECONDS || idle < ROUNDS_WITHOUT_GAIN);
                seconds = (System.nanoTime() - start) / 1e9) {
            double rate = round.getAsDouble();
            idle = rate > 1.01 * best ? 0 : idle + 1;
            best = Math.max(best, rate);
        }
        return best;
    }

    /** What thread {@code t} does. */
    @FunctionalInterface
    private interface Share {
        double run(int t);
    }

    /** Seconds from a common start to the end of the last. */
    private static double time(ExecutorService team, int threads, Share share) {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Double>> results = IntStream.range(0, threads)
                .mapToObj(t -> team.submit(() -> {
                    ready.countDown();
                    go.await();
                    return share.run(t);
                }))
                .toList();
        try {
            ready.await();
            long start = System.nanoTime();
            go.countDown();
            for (Future<Double> result : results) {
                kept = result.get();
            }
            return (System.nanoTime() - start) / 1e9;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring the machine", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("measuring the machine failed", e.getCause());
        }
    }

    private static long oneStream(MemorySegment memory, long from, long bytes) {
        LongVector a = LongVector.zero(L);
        LongVector b = LongVector.zero(L);
        LongVector c = LongVector.zero(L);
        LongVector d = LongVector.zero(L);
        for (long i = from; i < from + bytes; i += 4 * VECTOR) {
            a = a.add(LongVector.fromMemorySegment(L, memory, i, ByteOrder.nativeOrder()));
            b = b.add(LongVector.fromMemorySegment(L, memory, i + VECTOR, ByteOrder.nativeOrder()));
            c = c.add(LongVector.fromMemorySegment(L, memory, i + 2 * VECTOR, ByteOrder.nativeOrder()));
            d = d.add(LongVector.fromMemorySegment(L, memory, i + 3 * VECTOR, ByteOrder.nativeOrder()));
        }
        return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
    }

    /** Four places at once, which some prefetchers like better. */
    private static long fourStreams(MemorySegment memory, long from, long bytes) {
        LongVector a = LongVector.zero(L);
        LongVector b = LongVector.zero(L);
        LongVector c = LongVector.zero(L);
        LongVector d = LongVector.zero(L);
        long quarter = bytes / 4;
        for (long i = from; i < from + quarter; i += VECTOR) {
            a = a.add(LongVector.fromMemorySegment(L, memory, i, ByteOrder.nativeOrder()));
            b = b.add(LongVector.fromMemorySegment(L, memory, i + quarter, ByteOrder.nativeOrder()));
            c = c.add(LongVector.fromMemorySegment(L, memory, i + 2 * quarter, ByteOrder.nativeOrder()));
            d = d.add(LongVector.fromMemorySegment(L, memory, i + 3 * quarter, ByteOrder.nativeOrder()));
        }
        return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
    }
}
