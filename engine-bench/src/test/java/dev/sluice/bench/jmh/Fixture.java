package dev.sluice.bench.jmh;

import dev.sluice.cpu.CpuOps;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import dev.sluice.op.Buf;
import dev.sluice.op.LayerState;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.SequenceState;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Step;
import dev.sluice.op.Vec;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A backend with random weights and buffers, and one step of one sequence. */
final class Fixture implements AutoCloseable {
    private static final int TOKENS = 64;
    private static final long MORE_THAN_A_CACHE = 192L << 20;

    private final Random random = new Random(1);
    private final Ops ops;
    private final Step step;
    private final int rows;
    private final List<Gguf> files = new ArrayList<>();
    private SequenceState state = new SequenceState(new LayerState[0]);

    Fixture(int rows, int maxRows) {
        this.rows = rows;
        ops = new CpuOps(Runtime.getRuntime().availableProcessors(), maxRows, Long.MAX_VALUE, bytes -> {});
        step = new Step(maxRows);
        begin(rows);
    }

    Ops ops() {
        return ops;
    }

    /** The step from now on is of this many rows, at the place where the sequence is. */
    private void begin(int rows) {
        step.clear();
        step.add(state, IntStream.range(0, rows).map(i -> i % TOKENS).toArray(), 0, rows, false, false);
    }

    void run(Runnable verbs) {
        ops.run(verbs, step);
    }

    /** Runs verbs that append to the state, in steps of {@code piece} rows, until it holds {@code depth}. */
    void fill(int depth, int piece, Runnable verbs) {
        while (state.length() < depth) {
            begin(piece);
            run(verbs);
            state.advance(piece);
        }
        begin(rows);
    }

    void state(StateSpec spec) {
        state = new SequenceState(new LayerState[] {ops.newState(spec, TensorType.F16)});
        begin(rows);
    }

    /** A matrix, or a stack of them. */
    Weight weight(TensorType type, long... shape) {
        return weights(1, type, shape).getFirst();
    }

    /**
     * Equal matrices, for a step of one row as many as together do not fit in a cache. More rows do so much with each value that
     * where it came from does not show.
     */
    List<Weight> weights(TensorType type, long... shape) {
        long bytes = type.bytes(shape[0]) * shape[1];
        return weights(rows == 1 ? (int) Math.ceilDiv(MORE_THAN_A_CACHE, bytes) : 1, type, shape);
    }

    /** The file has the matrix once: each weight interleaves it into memory of its own. */
    private List<Weight> weights(int count, TensorType type, long... shape) {
        byte[] row = RandomWeights.row(type, Math.toIntExact(shape[0]), random);
        long rows = IntStream.range(1, shape.length).mapToLong(i -> shape[i]).reduce(1, Math::multiplyExact);
        Gguf file = open(new GgufWriter().add("w", type, shape, out -> {
            for (long r = 0; r < rows; r++) {
                out.write(row);
            }
        }));
        WeightView.Rows all = WeightView.Rows.range(0, Math.toIntExact(shape[1]));
        return Stream.generate(() -> ops.weight(new WeightView(file.tensor("w"), all, WeightView.NO_SCALE)))
                .limit(count)
                .toList();
    }

    /** Mapped, as the weights of a model are; the name is gone at once. */
    private Gguf open(GgufWriter writer) {
        try {
            Path path = Files.createTempFile("sluice-jmh", ".gguf");
            try {
                writer.write(path);
                Gguf file = Gguf.open(path);
                files.add(file);
                return file;
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Vec vec(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Vec("vec", values);
    }

    Norm norm(int length) {
        return new Norm(vec(length), 1e-6f);
    }

    /** A buffer of random values. */
    Buf filled(String name, int width) {
        byte[] table = RandomWeights.row(TensorType.F32, TOKENS * width, random);
        Gguf file = Gguf.of(MemorySegment.ofArray(new GgufWriter()
                .add("table", TensorType.F32, new long[] {width, TOKENS}, MemorySegment.ofArray(table))
                .toBytes()));
        Weight embeddings =
                ops.weight(new WeightView(file.tensor("table"), WeightView.Rows.range(0, TOKENS), WeightView.NO_SCALE));
        Buf buf = ops.buf(name, width);
        Step all = new Step(step.maxRows());
        all.add(
                state,
                IntStream.range(0, step.maxRows()).map(i -> i % TOKENS).toArray(),
                0,
                step.maxRows(),
                false,
                false);
        ops.run(() -> ops.embed(embeddings, buf), all);
        return buf;
    }

    @Override
    public void close() {
        state.close();
        ops.close();
        files.forEach(Gguf::close);
    }
}
