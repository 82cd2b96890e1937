package dev.sluice.cpu;

import dev.sluice.cpu.format.Formats;
import dev.sluice.cpu.format.LaneFormat;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import dev.sluice.op.Buf;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.LayerState;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.Rope;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Step;
import dev.sluice.op.Vec;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The verbs on the CPU. The first step of a forward records what each verb will do, and every step of it runs that list: so a
 * step allocates nothing, and what depends on the step is read when it runs.
 */
public final class CpuOps implements Ops {
    private final Workers workers;
    private final Packing packing;
    private final Products products;
    private final FeedForward.Memory feedForward;
    private final DeltaKernels delta;
    private final AttentionKernels attention;
    private final int maxRows;
    private final boolean planned;
    private final List<Floats> memory = new ArrayList<>();
    private final Map<String, CpuBuf> buffers = new HashMap<>();

    private final List<Runnable> recording = new ArrayList<>();
    private Runnable recorded;
    private Runnable[] plan = {};
    private Step step;

    private float[] logits = {}; // [wanted rows][vocabulary]
    private int vocabulary;

    /**
     * Starts the workers.
     *
     * @param threads workers, the calling thread among them
     * @param maxRows rows of the largest step
     * @param repackRoom bytes of heap that interleaved copies of weights may take; 0 for no copies
     * @param ready told the bytes of each weight once it is ready for products
     * @throws IllegalStateException if the JVM was started without the Vector API
     */
    public CpuOps(int threads, int maxRows, long repackRoom, LongConsumer ready) {
        this(threads, maxRows, repackRoom, false, ready);
    }

    /**
     * Finds what a model takes, without taking it: weights are bound and empty steps run, but buffers have no memory, and no
     * weight is copied.
     *
     * @param maxRows rows of the largest step
     * @param repackRoom bytes of heap that interleaved copies of weights may take
     * @return a backend that computes nothing
     */
    public static CpuOps plan(int maxRows, long repackRoom) {
        return new CpuOps(1, maxRows, repackRoom, true, bytes -> {});
    }

    private CpuOps(int threads, int maxRows, long repackRoom, boolean planned, LongConsumer ready) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                    "the Vector API is missing: add --add-modules jdk.incubator.vector to the java command");
        }
        this.maxRows = maxRows;
        this.planned = planned;
        packing = new Packing(repackRoom, planned, ready);
        workers = new Workers(threads);
        products = new Products(workers, maxRows, floats());
        feedForward = new FeedForward.Memory(floats(), floats());
        delta = new DeltaKernels(workers);
        attention = new AttentionKernels(workers);
    }

    private Floats floats() {
        Floats floats = new Floats(planned);
        memory.add(floats);
        return floats;
    }

    @Override
    public Weight weight(WeightView view) {
        Tensor tensor = view.tensor();
        LaneFormat format = Formats.of(tensor.type());
        long rowBytes = tensor.type().bytes(tensor.ne(0));
        return new CpuWeight(
                tensor.name(),
                format,
                tensor.data(),
                view.rows(),
                view.columns(),
                view.slices(),
                rowBytes,
                rowBytes * tensor.ne(1),
                view.scale());
    }

    @Override
    public Vec vector(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        Formats.of(tensor.type()).decodeRow(tensor.data(), 0, values, 0, values.length);
        return new Vec(tensor.name(), values);
    }

    @Override
    public Buf buf(String name, int width) {
        return buffers.computeIfAbsent(name + ":" + width, key -> {
            Floats data = floats();
            data.reserve((long) maxRows * width);
            return new CpuBuf(data.array(), 0, width, width);
        });
    }

    @Override
    public long scratchBytes() {
        return memory.stream().mapToLong(Floats::bytes).sum() + 4L * logits.length + packing.packed();
    }

    /** {@return bytes of the interleaved copies of weights} */
    public long repackedBytes() {
        return packing.packed();
    }

    /** {@return bytes that copies of the other weights would take} */
    public long mappedBytes() {
        return packing.mapped();
    }

    @Override
    public LayerState newState(StateSpec spec, TensorType cacheType) {
        return switch (spec) {
            case StateSpec.KvCache kv -> new KvCache(kv, cacheType);
            case StateSpec.Recurrent recurrent -> new RecurrentState(recurrent);
        };
    }

    /**
     * {@return bytes that a state holds after {@code rows} rows}
     *
     * @param spec whose state
     * @param cacheType element type of a KV cache: F16 or F32
     * @param rows rows of the sequence, 0 or more
     */
    public static long stateBytes(StateSpec spec, TensorType cacheType, int rows) {
        return switch (spec) {
            case StateSpec.KvCache kv ->
                Math.ceilDiv((long) rows, KvCache.BLOCK_ROWS) * KvCache.blockBytes(kv, cacheType);
            case StateSpec.Recurrent recurrent -> RecurrentState.bytes(recurrent);
        };
    }

    @Override
    public void run(Runnable forward, Step step) {
        if (forward != recorded) {
            record(forward);
        }
        this.step = step;
        attention.newStep();
        try {
            for (Runnable verb : plan) {
                verb.run();
            }
        } finally {
            this.step = null;
        }
    }

    private void record(Runnable forward) {
        recorded = null;
        recording.clear();
        forward.run();
        plan = recording.toArray(Runnable[]::new);
        recorded = forward;
    }

    private void eachRow(Workers.Part part) {
        recording.add(() -> workers.run(step.rows(), part));
    }

    @Override
    public void readLogits(int i, float[] out, int at) {
        System.arraycopy(logits, i * vocabulary, out, at, vocabulary);
    }

    @Override
    public void embed(Weight table, Buf out) {
        CpuWeight w = (CpuWeight) table;
        CpuBuf to = (CpuBuf) out;
        eachRow((row, worker) -> w.decodeRow(step.token(row), to.data(), to.row(row)));
    }

    @Override
    public void rmsNorm(Norm norm, Buf x, Buf out) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) out;
        int length = norm.weight().length();
        eachRow((row, worker) -> {
            for (int c = 0; c < in.width(); c += length) {
                RowKernels.rmsNorm(norm, in.data(), in.row(row) + c, to.data(), to.row(row) + c, length);
            }
        });
    }

    @Override
    public void l2Norm(int length, float epsilon, Buf x, Buf out) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) out;
        eachRow((row, worker) -> {
            for (int c = 0; c < in.width(); c += length) {
                RowKernels.l2Norm(epsilon, in.data(), in.row(row) + c, to.data(), to.row(row) + c, length);
            }
        });
    }

    @Override
    public void matmul(Buf x, Weight w, Buf out) {
        multiply(RowSource.of((CpuBuf) x), new Weight[] {w}, new Buf[] {out});
    }

    @Override
    public void project(Norm norm, Buf x, Weight[] weights, Buf[] outs) {
        multiply(RowSource.normed(norm, (CpuBuf) x), weights, outs);
    }

    private void multiply(RowSource x, Weight[] weights, Buf[] outs) {
        CpuWeight[] ws = Arrays.copyOf(weights, weights.length, CpuWeight[].class);
        for (CpuWeight w : ws) {
            packing.prepare(workers, w);
        }
        Products.Product product = products.product(x, ws, Arrays.copyOf(outs, outs.length, CpuBuf[].class));
        recording.add(() -> product.run(step.rows()));
    }

    @Override
    public void add(Buf x, Buf sum) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) sum;
        eachRow((row, worker) -> {
            int a = in.row(row);
            int b = to.row(row);
            for (int c = 0; c < in.width(); c++) {
                to.data()[b + c] += in.data()[a + c];
            }
        });
    }

    @Override
    public void siluMul(Buf gate, Buf up, Buf out) {
        CpuBuf g = (CpuBuf) gate;
        CpuBuf u = (CpuBuf) up;
        CpuBuf to = (CpuBuf) out;
        eachRow((row, worker) -> {
            float[] room = products.scratch(worker).row(g.width());
            Activations.siluMul(g.data(), g.row(row), u.data(), u.row(row), to.data(), to.row(row), g.width(), room);
        });
    }

    @Override
    public void addGated(Buf gate, Buf x, Buf sum) {
        CpuBuf g = (CpuBuf) gate;
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) sum;
        eachRow((row, worker) -> {
            float factor = Activations.sigmoid(g.data()[g.row(row)]);
            Simd.addScaled(factor, in.data(), in.row(row), to.data(), to.row(row), in.width());
        });
    }

    @Override
    public void convolve(DeltaNet net, Buf x, Buf out) {
        DeltaKernels.Verb convolution = delta.new Convolution(net, (CpuBuf) x, (CpuBuf) out);
        recording.add(() -> convolution.run(step));
    }

    @Override
    public void deltaRule(DeltaNet net, Buf qkv, Buf ba, Buf out) {
        CpuBuf gates = (CpuBuf) buf("delta.gates", DeltaBlock.GATES * net.valueHeads());
        DeltaKernels.Verb rule = delta.new Rule(net, (CpuBuf) qkv, (CpuBuf) ba, gates, (CpuBuf) out);
        recording.add(() -> rule.run(step));
    }

    @Override
    public void gatedDeltaNet(DeltaNet net, Buf qkv, Buf ba, Buf z, Buf out) {
        DeltaKernels.Verb layer = delta.new Layer(net, (CpuBuf) qkv, (CpuBuf) ba, (CpuBuf) z, (CpuBuf) out);
        recording.add(() -> layer.run(step));
    }

    @Override
    public void normRopeQueries(GatedHeads heads, Buf q) {
        normRope(heads.heads(), 2 * heads.headLength(), heads.queryNorm(), heads.rope(), (CpuBuf) q);
    }

    @Override
    public void normRopeKeys(GatedHeads heads, Buf k) {
        normRope(heads.kvHeads(), heads.headLength(), heads.keyNorm(), heads.rope(), (CpuBuf) k);
    }

    private void normRope(int heads, int pitch, Norm norm, Rope rope, CpuBuf x) {
        RotaryTable rotary = attention.rotary();
        recording.add(() -> rotary.compute(rope, step));
        eachRow((row, worker) -> rotary.normRope(row, heads, pitch, norm, x));
    }

    @Override
    public void attend(GatedHeads heads, Buf q, Buf k, Buf v, Buf out) {
        AttentionKernels.Attention a = attention.attention(heads, (CpuBuf) q, (CpuBuf) k, (CpuBuf) v, (CpuBuf) out);
        recording.add(() -> a.run(step));
    }

    @Override
    public void route(Buf logits, int used, float scale, Buf selection) {
        CpuBuf in = (CpuBuf) logits;
        CpuBuf to = (CpuBuf) selection;
        eachRow((row, worker) ->
                RowKernels.route(in.data(), in.row(row), in.width(), used, scale, to.data(), to.row(row)));
    }

    @Override
    public void swiGlu(Buf x, Weight gate, Weight up, Weight down, Buf out) {
        FeedForward block = block(x, gate, up, down, 1, (CpuBuf) out);
        recording.add(() -> block.run(step.rows()));
    }

    @Override
    public void experts(Buf x, Buf selection, Weight gate, Weight up, Weight down, Buf out) {
        CpuBuf chosen = (CpuBuf) selection;
        CpuBuf to = (CpuBuf) out;
        int used = chosen.width() / 2;
        // One result for each (row, rank), added in rank order at the end: the sum must not depend on the other rows.
        CpuBuf results = (CpuBuf) buf("experts.results", used * down.rows());
        FeedForward block = block(x, gate, up, down, used, results);
        recording.add(() -> block.run(step.rows(), chosen));
        eachRow((row, worker) -> {
            int o = to.row(row);
            Arrays.fill(to.data(), o, o + to.width(), 0);
            for (int rank = 0; rank < used; rank++) {
                float weight = chosen.data()[chosen.row(row) + used + rank];
                Simd.addScaled(weight, results.data(), results.row(row) + rank * to.width(), to.data(), o, to.width());
            }
        });
    }

    private FeedForward block(Buf x, Weight gate, Weight up, Weight down, int used, CpuBuf out) {
        packing.prepare(workers, (CpuWeight) gate, (CpuWeight) up);
        packing.prepare(workers, (CpuWeight) down);
        return new FeedForward(
                products,
                feedForward,
                RowSource.of((CpuBuf) x),
                (CpuWeight) gate,
                (CpuWeight) up,
                (CpuWeight) down,
                used,
                maxRows,
                out);
    }

    @Override
    public void head(Norm norm, Buf x, Weight w) {
        RowSource normed = RowSource.normed(norm, (CpuBuf) x);
        CpuBuf[] out = new CpuBuf[1];
        packing.prepare(workers, (CpuWeight) w);
        Products.Product product = products.product(
                (i, values) -> normed.read(step.wantedRow(i), values), new CpuWeight[] {(CpuWeight) w}, out);
        recording.add(() -> {
            vocabulary = w.rows();
            int needed = Math.multiplyExact(step.wantedRows(), vocabulary);
            if (out[0] == null || logits.length < needed) {
                logits = logits.length < needed ? new float[needed] : logits;
                out[0] = new CpuBuf(logits, 0, vocabulary, vocabulary);
            }
            product.run(step.wantedRows());
        });
    }

    @Override
    public void close() {
        workers.close();
    }
}
