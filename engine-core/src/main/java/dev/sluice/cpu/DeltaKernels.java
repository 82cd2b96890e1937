package dev.sluice.cpu;

import dev.sluice.op.DeltaNet;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The verbs of a Gated DeltaNet layer; rows of a sequence in order. A whole layer is parallel over key heads, the convolution alone
 * over channels, the delta rule alone over stretches of value dimensions: these are the lanes of its vectors, and each has
 * its own column of the state.
 */
final class DeltaKernels {
    private final Workers workers;
    private final DeltaBlock[] scratch;

    DeltaKernels(Workers workers) {
        this.workers = workers;
        this.scratch = new DeltaBlock[workers.size()];
    }

    private DeltaBlock scratch(DeltaNet net, int worker) {
        DeltaBlock s = scratch[worker];
        if (s == null || !s.fits(net)) {
            s = new DeltaBlock(net);
            scratch[worker] = s;
        }
        return s;
    }

    /** {@code [taps][channels]}: the taps of a channel are far apart, those of adjacent channels are not. */
    private static float[] kernel(DeltaNet net) {
        float[] kernel = new float[net.taps() * net.channels()];
        for (int c = 0; c < net.channels(); c++) {
            for (int j = 0; j < net.taps(); j++) {
                kernel[j * net.channels() + c] = net.kernel().values()[c * net.taps() + j];
            }
        }
        return kernel;
    }

    /** A verb of one layer: made once, run in every step, sequence by sequence. */
    abstract class Verb {
        final DeltaNet net;
        private final Workers.Part part = this::part;
        MemorySegment memory;
        long convolutionAt;
        int first;
        int count;

        Verb(DeltaNet net) {
            this.net = net;
        }

        final void run(Step step) {
            for (int span = 0; span < step.spans(); span++) {
                SequenceState sequence = step.spanState(span);
                RecurrentState state = (RecurrentState) sequence.layer(net.layer());
                memory = state.memory();
                convolutionAt = state.convolutionAt();
                first = step.spanFirst(span);
                count = step.spanCount(span);
                prepare();
                workers.run(parts(), part);
            }
            memory = null;
        }

        void prepare() {}

        abstract int parts();

        abstract void part(int part, int worker);
    }

    /** What is left to do once queries, keys and values are projected. */
    final class Layer extends Verb {
        private final CpuBuf qkv;
        private final CpuBuf ba;
        private final CpuBuf z;
        private final CpuBuf out;
        private final float[] kernel;
        private final int[][] valueHeads; // of each key head

        Layer(DeltaNet net, CpuBuf qkv, CpuBuf ba, CpuBuf z, CpuBuf out) {
            super(net);
            this.qkv = qkv;
            this.ba = ba;
            this.z = z;
            this.out = out;
            kernel = kernel(net);
            valueHeads = new int[net.keyHeads()][];
            Arrays.setAll(valueHeads, key -> IntStream.range(0, net.valueHeads())
                    .filter(value -> net.keyHead()[value] == key)
                    .toArray());
        }

        @Override
        int parts() {
            return net.keyHeads();
        }

        @Override
        void part(int head, int worker) {
            DeltaBlock s = scratch(net, worker);
            s.compute(net, kernel, memory, convolutionAt, head, valueHeads[head], first, count, qkv, ba, z, out);
        }
    }

    /** The convolution alone. */
    final class Convolution extends Verb {
        private final CpuBuf x;
        private final CpuBuf out;
        private final float[] kernel;

        Convolution(DeltaNet net, CpuBuf x, CpuBuf out) {
            super(net);
            this.x = x;
            this.out = out;
            kernel = kernel(net);
        }

        @Override
        int parts() {
            return Math.ceilDiv(net.channels(), DeltaBlock.CHANNELS);
        }

        @Override
        void part(int part, int worker) {
            int from = part * DeltaBlock.CHANNELS;
            int width = Math.min(DeltaBlock.CHANNELS, net.channels() - from);
            DeltaBlock s = scratch(net, worker);
            s.convolve(net, kernel, memory, convolutionAt, from, width, first, count, x, out, first, from);
        }
    }

    /** The delta rule alone. */
    final class Rule extends Verb {
        private final CpuBuf ba;
        private final CpuBuf[] queries; // of each value head, as the others
        private final CpuBuf[] keys;
        private final CpuBuf[] values;
        private final CpuBuf[] gates;
        private final CpuBuf[] outs;
        private final int stretches;
        private final Workers.Part gate = this::gate;

        /** @param gates room for {@code [rows][value heads][GATES]} */
        Rule(DeltaNet net, CpuBuf qkv, CpuBuf ba, CpuBuf gates, CpuBuf out) {
            super(net);
            this.ba = ba;
            int d = net.headLength();
            int heads = net.valueHeads();
            queries = slices(heads, h -> qkv.slice(net.keyHead()[h] * d, d));
            keys = slices(heads, h -> qkv.slice(net.keyWidth() + net.keyHead()[h] * d, d));
            values = slices(heads, h -> qkv.slice(2 * net.keyWidth() + h * d, d));
            this.gates = slices(heads, h -> gates.slice(h * DeltaBlock.GATES, DeltaBlock.GATES));
            outs = slices(heads, h -> out.slice(h * d, d));
            stretches = Math.ceilDiv(d, DeltaBlock.STRETCH);
        }

        private static CpuBuf[] slices(int heads, IntFunction<CpuBuf> slice) {
            return IntStream.range(0, heads).mapToObj(slice).toArray(CpuBuf[]::new);
        }

        @Override
        void prepare() {
            workers.run(count, gate);
        }

        private void gate(int part, int worker) {
            int row = first + part;
            DeltaBlock s = scratch(net, worker);
            for (int h = 0; h < gates.length; h++) {
                s.gate(net, h, ba, row, queries[h], keys[h], gates[h], row);
            }
        }

        @Override
        int parts() {
            return net.valueHeads() * stretches;
        }

        @Override
        void part(int part, int worker) {
            int h = part / stretches;
            int from = part % stretches * DeltaBlock.STRETCH;
            DeltaBlock s = scratch(net, worker);
            s.deltaRule(
                    memory, h, net.headLength(), from, first, count, queries[h], keys[h], values[h], gates[h], outs[h]);
        }
    }
}
