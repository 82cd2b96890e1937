package dev.sluice.op;

import dev.sluice.SyntheticModel;
import dev.sluice.arch.Architectures;
import dev.sluice.arch.Decoder;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A backend that computes nothing. It checks widths, overlaps and the life of buffers, writes a line for each call, the small
 * verbs of a coarse one indented below it, and counts what a step must read and compute at least.
 *
 * <p>The life of a buffer: it may be read after it was written in the same step, and until the block ends, that is, until
 * something is added to the buffer that {@code embed} wrote; only that one, the residual stream, outlives a block.
 */
public final class TraceOps implements Ops {
    private record TraceWeight(String name, TensorType type, int rows, int columns, int slices, long sliceBytes)
            implements Weight {
        long elements() {
            return (long) rows * columns;
        }

        @Override
        public String toString() {
            return name + " " + type + " {" + columns + ", " + rows + (slices > 1 ? ", " + slices : "") + "}";
        }
    }

    /** A state without memory. */
    private record TraceState(StateSpec spec, TensorType cacheType) implements LayerState {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public LayerState copy() {
            return this;
        }

        @Override
        public void clear() {}

        @Override
        public void close() {}
    }

    private final Map<String, TraceBuf> buffers = new HashMap<>();
    private final StringBuilder listing = new StringBuilder();
    private String indent = "";
    private TraceBuf residual;
    private Step step;
    private long flop;
    private long weightBytes;
    private long stateBytes;
    private long kvBytes;

    /** The calls of the last step. */
    public String listing() {
        return listing.toString();
    }

    /** Floating-point operations of the last step in products with matrices, the head not counted. */
    public long flop() {
        return flop;
    }

    /** Bytes of parameters that the last step reads, each matrix once: as in the file, vectors as F32. */
    public long weightBytes() {
        return weightBytes;
    }

    /** Bytes of recurrent states that the last step reads and writes. */
    public long stateBytes() {
        return stateBytes;
    }

    /** Bytes of keys and values that the last step reads and writes. */
    public long kvBytes() {
        return kvBytes;
    }

    @Override
    public Weight weight(WeightView view) {
        Tensor tensor = view.tensor();
        int rows = view.rows().count();
        long bytes = rows * tensor.type().bytes(tensor.ne(0));
        return new TraceWeight(tensor.name(), tensor.type(), rows, view.columns(), view.slices(), bytes);
    }

    @Override
    public Vec vector(Tensor tensor) {
        return new Vec(tensor.name(), new float[Math.toIntExact(tensor.elements())]);
    }

    @Override
    public Buf buf(String name, int width) {
        return buffers.computeIfAbsent(name + ":" + width, key -> new TraceBuf(name, width));
    }

    @Override
    public long scratchBytes() {
        return 0;
    }

    @Override
    public LayerState newState(StateSpec spec, TensorType cacheType) {
        return new TraceState(spec, cacheType);
    }

    @Override
    public void run(Runnable forward, Step step) {
        this.step = step;
        listing.setLength(0);
        flop = weightBytes = stateBytes = kvBytes = 0;
        residual = null;
        buffers.values().forEach(TraceBuf::die);
        forward.run();
    }

    @Override
    public void readLogits(int i, float[] out, int at) {}

    @Override
    public void close() {}

    // Small verbs

    @Override
    public void embed(Weight table, Buf out) {
        line("embed", table, "->", out);
        width(out, table.columns());
        weightBytes += step.rows() * table.sliceBytes() / table.rows();
        residual = (TraceBuf) out;
        write(out);
    }

    @Override
    public void rmsNorm(Norm norm, Buf x, Buf out) {
        line("rmsNorm", x, norm.weight(), "->", out);
        width(out, x.width());
        multiple(x, norm.weight().length());
        vector(norm.weight());
        inPlace(out, x);
    }

    @Override
    public void l2Norm(int length, float epsilon, Buf x, Buf out) {
        line("l2Norm", x, length, "->", out);
        width(out, x.width());
        multiple(x, length);
        inPlace(out, x);
    }

    @Override
    public void matmul(Buf x, Weight w, Buf out) {
        line("matmul", x, w, "->", out);
        width(x, w.columns());
        width(out, w.rows());
        product(w, 1);
        transform(out, x);
    }

    @Override
    public void add(Buf x, Buf sum) {
        line("add", x, "->", sum);
        width(x, sum.width());
        read(sum);
        transform(sum, x);
        if (((TraceBuf) sum).sameBuffer(residual)) {
            buffers.values().stream().filter(b -> !b.sameBuffer(residual)).forEach(TraceBuf::die);
        }
    }

    @Override
    public void siluMul(Buf gate, Buf up, Buf out) {
        line("siluMul", gate, up, "->", out);
        width(gate, out.width());
        width(up, out.width());
        inPlace(out, gate, up);
    }

    @Override
    public void addGated(Buf gate, Buf x, Buf sum) {
        line("addGated", gate, x, "->", sum);
        width(gate, 1);
        width(x, sum.width());
        read(sum);
        transform(sum, gate, x);
    }

    @Override
    public void convolve(DeltaNet net, Buf x, Buf out) {
        line("convolve", "layer " + net.layer(), x, net.kernel(), "->", out);
        width(x, net.channels());
        width(out, net.channels());
        vector(net.kernel());
        stateBytes += 2L * 4 * step.spans() * (net.taps() - 1) * net.channels();
        transform(out, x);
    }

    @Override
    public void deltaRule(DeltaNet net, Buf qkv, Buf ba, Buf out) {
        line("deltaRule", "layer " + net.layer(), qkv, ba, net.decay(), net.decayBias(), "->", out);
        width(qkv, net.channels());
        width(ba, 2 * net.valueHeads());
        width(out, net.valueWidth());
        vector(net.decay());
        vector(net.decayBias());
        stateBytes += 2L * 4 * step.spans() * net.valueWidth() * net.headLength();
        transform(out, qkv, ba);
    }

    @Override
    public void normRopeQueries(GatedHeads heads, Buf q) {
        line("normRopeQueries", "layer " + heads.layer(), heads.queryNorm().weight(), "->", q);
        width(q, 2 * heads.width());
        vector(heads.queryNorm().weight());
        inPlace(q, q);
    }

    @Override
    public void normRopeKeys(GatedHeads heads, Buf k) {
        line("normRopeKeys", "layer " + heads.layer(), heads.keyNorm().weight(), "->", k);
        width(k, heads.kvWidth());
        vector(heads.keyNorm().weight());
        inPlace(k, k);
    }

    @Override
    public void attend(GatedHeads heads, Buf q, Buf k, Buf v, Buf out) {
        line("attend", "layer " + heads.layer(), q, k, v, "->", out);
        width(q, 2 * heads.width());
        width(k, heads.kvWidth());
        width(v, heads.kvWidth());
        width(out, heads.width());
        for (int span = 0; span < step.spans(); span++) {
            SequenceState state = step.spanState(span);
            TraceState layer = (TraceState) state.layer(heads.layer());
            // Rows of this step are written, and read with all before them.
            long rows = state.length() + 2L * step.spanCount(span);
            kvBytes += rows * 2 * heads.kvWidth() * layer.cacheType().blockBytes();
        }
        transform(out, q, k, v);
    }

    @Override
    public void route(Buf logits, int used, float scale, Buf selection) {
        line("route", logits, used, "->", selection);
        width(selection, 2 * used);
        transform(selection, logits);
    }

    @Override
    public void experts(Buf x, Buf selection, Weight gate, Weight up, Weight down, Buf out) {
        line("experts", x, selection, gate, up, down, "->", out);
        width(x, gate.columns());
        width(x, up.columns());
        width(out, down.rows());
        if (gate.rows() != up.rows() || gate.rows() != down.columns()) {
            throw new IllegalStateException("experts that do not fit: " + gate + ", " + up + ", " + down);
        }
        for (Weight w : List.of(gate, up, down)) {
            product(w, selection.width() / 2);
        }
        transform(out, x, selection);
    }

    @Override
    public void head(Norm norm, Buf x, Weight w) {
        line("head", x, norm.weight(), w);
        width(x, w.columns());
        width(x, norm.weight().length());
        read(x);
        if (step.wantedRows() > 0) {
            vector(norm.weight());
            weightBytes += w.sliceBytes();
        }
    }

    // Coarse verbs: their line, and below it what they mean

    @Override
    public void project(Norm norm, Buf x, Weight[] weights, Buf[] outs) {
        line("project", x, norm.weight(), "->", Arrays.asList(outs));
        indented(() -> Ops.super.project(norm, x, weights, outs));
    }

    @Override
    public void gatedDeltaNet(DeltaNet net, Buf qkv, Buf ba, Buf z, Buf out) {
        line("gatedDeltaNet", "layer " + net.layer(), qkv, ba, z, "->", out);
        indented(() -> Ops.super.gatedDeltaNet(net, qkv, ba, z, out));
    }

    @Override
    public void gatedAttention(GatedHeads heads, Buf q, Buf k, Buf v, Buf out) {
        line("gatedAttention", "layer " + heads.layer(), q, k, v, "->", out);
        indented(() -> Ops.super.gatedAttention(heads, q, k, v, out));
    }

    @Override
    public void swiGlu(Buf x, Weight gate, Weight up, Weight down, Buf out) {
        line("swiGlu", x, "->", out);
        indented(() -> Ops.super.swiGlu(x, gate, up, down, out));
    }

    // How it is done

    private void line(Object... words) {
        String text = Arrays.stream(words)
                .map(word -> word instanceof Vec v ? v.name() + " (" + v.length() + ")" : word.toString())
                .collect(Collectors.joining(" "));
        listing.append(indent).append(text).append('\n');
    }

    private void indented(Runnable meaning) {
        indent += "  ";
        try {
            meaning.run();
        } finally {
            indent = indent.substring(2);
        }
    }

    private static void width(Buf buf, int expected) {
        ((TraceBuf) buf).requireWidth(expected);
    }

    private static void multiple(Buf buf, int length) {
        if (buf.width() % length != 0) {
            throw new IllegalStateException(buf + ": not a multiple of " + length);
        }
    }

    private static void read(Buf buf) {
        ((TraceBuf) buf).read();
    }

    private static void write(Buf buf) {
        ((TraceBuf) buf).write();
    }

    /** The output may be an input, but not overlap one by halves. */
    private static void inPlace(Buf out, Buf... inputs) {
        TraceBuf to = (TraceBuf) out;
        for (Buf input : inputs) {
            read(input);
            TraceBuf from = (TraceBuf) input;
            if (to.overlaps(from) && !to.toString().equals(from.toString())) {
                throw new IllegalStateException(to + " overlaps " + from);
            }
        }
        write(out);
    }

    private static void transform(Buf out, Buf... inputs) {
        for (Buf input : inputs) {
            if (((TraceBuf) out).overlaps((TraceBuf) input)) {
                throw new IllegalStateException(out + " is an input and an output");
            }
        }
        inPlace(out, inputs);
    }

    private void vector(Vec vec) {
        weightBytes += 4L * vec.length();
    }

    /** @param used slices that a row meets */
    private void product(Weight w, int used) {
        flop += 2 * ((TraceWeight) w).elements() * used * step.rows();
        weightBytes += w.sliceBytes() * Math.min(w.slices(), (long) used * step.rows());
    }

    /** Runs one step of new sequences on a bound model. */
    static void run(TraceOps ops, Decoder decoder, int length, int rows, TensorType cacheType) {
        LayerState[] layers = decoder.states().stream()
                .map(spec -> ops.newState(spec, cacheType))
                .toArray(LayerState[]::new);
        SequenceState state = new SequenceState(layers);
        state.advance(length);
        Step step = new Step(rows);
        step.add(state, new int[rows], 0, rows, false, true);
        ops.run(decoder::forward, step);
    }

    /** What one row costs after {@code length} others. */
    public static TraceOps ofOneRow(Gguf file, int length, TensorType cacheType) {
        TraceOps ops = new TraceOps();
        run(ops, Architectures.bind(file, ops), length, 1, cacheType);
        return ops;
    }

    /** Usage: {@code TraceOps ARCH}; prints the listing of the tiny synthetic model of an architecture. */
    public static void main(String[] args) {
        byte[] bytes = SyntheticModel.of(args[0]).writer().toBytes();
        try (Gguf file = Gguf.of(MemorySegment.ofArray(bytes))) {
            System.out.print(ofOneRow(file, 0, TensorType.F16).listing());
        }
    }
}
