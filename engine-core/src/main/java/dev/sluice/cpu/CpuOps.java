package dev.sluice.cpu;

import dev.sluice.cpu.format.Format;
import dev.sluice.cpu.format.Formats;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import dev.sluice.op.Buf;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.GatedHeads;
import dev.sluice.op.LayerState;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.StateSpec;
import dev.sluice.op.Step;
import dev.sluice.op.Vec;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The verbs on the CPU: each computes at once. */
public final class CpuOps implements Ops {
    private final Workers workers;
    private final Packing packing = Packing.intoFreeHeap();
    private final Products products;
    private final DeltaKernels delta;
    private final AttentionKernels attention;
    private final int maxRows;
    private final Map<String, CpuBuf> buffers = new HashMap<>();
    private Step step;
    private float[] logits = {};
    private int vocabulary;

    /**
     * Starts the workers.
     *
     * @param threads workers, the calling thread among them
     * @param maxRows rows of the largest step
     * @throws IllegalStateException if the JVM was started without the Vector API
     */
    public CpuOps(int threads, int maxRows) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                    "the Vector API is missing: add --add-modules jdk.incubator.vector to the java command");
        }
        this.maxRows = maxRows;
        workers = new Workers(threads);
        products = new Products(workers, packing);
        delta = new DeltaKernels(workers);
        attention = new AttentionKernels(workers);
    }

    @Override
    public Weight weight(WeightView view) {
        Tensor tensor = view.tensor();
        Format format = Formats.of(tensor.type());
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
            float[] data = new float[Math.multiplyExact(maxRows, width)];
            return new CpuBuf(data, 0, width, width);
        });
    }

    @Override
    public long scratchBytes() {
        return buffers.values().stream().mapToLong(b -> 4L * b.data().length).sum()
                + 4L * logits.length
                + packing.bytes();
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
                Math.ceilDiv((long) rows, KvCache.BLOCK_ROWS) * KvCache.blockBytes(kv.width(), cacheType);
            case StateSpec.Recurrent recurrent -> RecurrentState.bytes(recurrent);
        };
    }

    @Override
    public void run(Runnable forward, Step step) {
        this.step = step;
        attention.newStep();
        try {
            forward.run();
        } finally {
            this.step = null;
        }
    }

    @Override
    public void readLogits(int i, float[] out, int at) {
        System.arraycopy(logits, i * vocabulary, out, at, vocabulary);
    }

    @Override
    public void embed(Weight table, Buf out) {
        CpuWeight w = (CpuWeight) table;
        CpuBuf to = (CpuBuf) out;
        workers.run(step.rows(), (row, worker) -> w.decodeRow(step.token(row), to.data(), to.row(row)));
    }

    @Override
    public void rmsNorm(Norm norm, Buf x, Buf out) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) out;
        int length = norm.weight().length();
        workers.run(step.rows(), (row, worker) -> {
            for (int c = 0; c < in.width(); c += length) {
                RowKernels.rmsNorm(norm, in.data(), in.row(row) + c, to.data(), to.row(row) + c, length);
            }
        });
    }

    @Override
    public void l2Norm(int length, float epsilon, Buf x, Buf out) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) out;
        workers.run(step.rows(), (row, worker) -> {
            for (int c = 0; c < in.width(); c += length) {
                RowKernels.l2Norm(epsilon, in.data(), in.row(row) + c, to.data(), to.row(row) + c, length);
            }
        });
    }

    @Override
    public void matmul(Buf x, Weight w, Buf out) {
        products.multiply((CpuBuf) x, step.rows(), (CpuWeight) w, 0, (CpuBuf) out);
    }

    @Override
    public void add(Buf x, Buf sum) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) sum;
        workers.run(step.rows(), (row, worker) -> {
            int a = in.row(row);
            int b = to.row(row);
            for (int c = 0; c < in.width(); c++) {
                to.data()[b + c] += in.data()[a + c];
            }
        });
    }

    @Override
    public void siluMul(Buf gate, Buf up, Buf out) {
        products.siluMul((CpuBuf) gate, (CpuBuf) up, step.rows(), (CpuBuf) out);
    }

    @Override
    public void addGated(Buf gate, Buf x, Buf sum) {
        CpuBuf g = (CpuBuf) gate;
        CpuBuf in = (CpuBuf) x;
        CpuBuf to = (CpuBuf) sum;
        workers.run(step.rows(), (row, worker) -> {
            float factor = Activations.sigmoid(g.data()[g.row(row)]);
            Simd.addScaled(factor, in.data(), in.row(row), to.data(), to.row(row), in.width());
        });
    }

    @Override
    public void convolve(DeltaNet net, Buf x, Buf out) {
        delta.convolve(net, step, (CpuBuf) x, (CpuBuf) out);
    }

    @Override
    public void deltaRule(DeltaNet net, Buf qkv, Buf ba, Buf out) {
        delta.deltaRule(net, step, (CpuBuf) qkv, (CpuBuf) ba, (CpuBuf) out);
    }

    @Override
    public void normRopeQueries(GatedHeads heads, Buf q) {
        attention.normRope(heads.heads(), 2 * heads.headLength(), heads.queryNorm(), heads.rope(), step, (CpuBuf) q);
    }

    @Override
    public void normRopeKeys(GatedHeads heads, Buf k) {
        attention.normRope(heads.kvHeads(), heads.headLength(), heads.keyNorm(), heads.rope(), step, (CpuBuf) k);
    }

    @Override
    public void attend(GatedHeads heads, Buf q, Buf k, Buf v, Buf out) {
        attention.attend(heads, step, (CpuBuf) q, (CpuBuf) k, (CpuBuf) v, (CpuBuf) out);
    }

    @Override
    public void route(Buf logits, int used, float scale, Buf selection) {
        CpuBuf in = (CpuBuf) logits;
        CpuBuf to = (CpuBuf) selection;
        workers.run(
                step.rows(),
                (row, worker) ->
                        RowKernels.route(in.data(), in.row(row), in.width(), used, scale, to.data(), to.row(row)));
    }

    /** Gathers the rows of each expert, so that its weights are decoded once for all of them. */
    @Override
    public void experts(Buf x, Buf selection, Weight gate, Weight up, Weight down, Buf out) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf chosen = (CpuBuf) selection;
        CpuBuf to = (CpuBuf) out;
        int used = chosen.width() / 2;
        CpuBuf gathered = (CpuBuf) buf("experts.in", in.width());
        CpuBuf gated = (CpuBuf) buf("experts.gate", gate.rows());
        CpuBuf raised = (CpuBuf) buf("experts.up", up.rows());
        CpuBuf lowered = (CpuBuf) buf("experts.down", down.rows());
        // One result for each (row, rank), added in rank order at the end: the sum must not depend on the other rows.
        CpuBuf results = (CpuBuf) buf("experts.results", used * down.rows());
        int[] rowOf = new int[step.rows()];
        int[] rankOf = new int[step.rows()];
        for (int e = 0; e < gate.slices(); e++) {
            int count = 0;
            for (int row = 0; row < step.rows(); row++) {
                for (int rank = 0; rank < used; rank++) {
                    if (chosen.data()[chosen.row(row) + rank] == e) {
                        System.arraycopy(in.data(), in.row(row), gathered.data(), gathered.row(count), in.width());
                        rowOf[count] = row;
                        rankOf[count++] = rank;
                    }
                }
            }
            if (count == 0) {
                continue;
            }
            products.multiply(gathered, count, (CpuWeight) gate, e, gated);
            products.multiply(gathered, count, (CpuWeight) up, e, raised);
            products.siluMul(gated, raised, count, gated);
            products.multiply(gated, count, (CpuWeight) down, e, lowered);
            for (int i = 0; i < count; i++) {
                System.arraycopy(
                        lowered.data(),
                        lowered.row(i),
                        results.data(),
                        results.row(rowOf[i]) + rankOf[i] * lowered.width(),
                        lowered.width());
            }
        }
        workers.run(step.rows(), (row, worker) -> {
            int o = to.row(row);
            Arrays.fill(to.data(), o, o + to.width(), 0);
            for (int rank = 0; rank < used; rank++) {
                float weight = chosen.data()[chosen.row(row) + used + rank];
                Simd.addScaled(weight, results.data(), results.row(row) + rank * to.width(), to.data(), o, to.width());
            }
        });
    }

    @Override
    public void head(Norm norm, Buf x, Weight w) {
        CpuBuf in = (CpuBuf) x;
        CpuBuf normed = (CpuBuf) buf("head.in", in.width());
        int rows = step.wantedRows();
        vocabulary = w.rows();
        int needed = Math.multiplyExact(rows, vocabulary);
        if (logits.length < needed) {
            logits = new float[needed];
        }
        for (int i = 0; i < rows; i++) {
            int from = in.row(step.wantedRow(i));
            RowKernels.rmsNorm(norm, in.data(), from, normed.data(), normed.row(i), in.width());
        }
        CpuBuf out = new CpuBuf(logits, 0, vocabulary, vocabulary);
        products.multiply(normed, rows, (CpuWeight) w, 0, out);
    }

    @Override
    public void close() {
        workers.close();
    }
}
