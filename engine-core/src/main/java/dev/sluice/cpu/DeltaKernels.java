package dev.sluice.cpu;

import dev.sluice.op.DeltaNet;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The verbs of a Gated DeltaNet layer. Parallel over channels or over value heads; rows of a sequence in order. */
final class DeltaKernels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final int CHANNELS_PER_PART = 256;

    private final Workers workers;
    /** For each worker: one head's state, key, query. */
    private final float[][] scratch;

    DeltaKernels(Workers workers) {
        this.workers = workers;
        this.scratch = new float[workers.size()][0];
    }

    void convolve(DeltaNet net, Step step, CpuBuf x, CpuBuf out) {
        int channels = net.channels();
        int parts = (channels + CHANNELS_PER_PART - 1) / CHANNELS_PER_PART;
        for (int span = 0; span < step.spans(); span++) {
            RecurrentState state = state(step.spanState(span), net.layer());
            MemorySegment memory = state.memory();
            int first = step.spanFirst(span);
            int count = step.spanCount(span);
            workers.run(parts, (part, worker) -> {
                int from = part * CHANNELS_PER_PART;
                int to = Math.min(channels, from + CHANNELS_PER_PART);
                for (int c = from; c < to; c++) {
                    convolveChannel(net, memory, state.convolutionAt(), c, first, count, x, out);
                }
            });
        }
    }

    private static void convolveChannel(
            DeltaNet net, MemorySegment memory, long at, int c, int first, int count, CpuBuf x, CpuBuf out) {
        int channels = net.channels();
        int history = net.taps() - 1;
        float[] kernel = net.kernel().values();
        for (int t = 0; t < count; t++) {
            float sum = 0;
            for (int j = 0; j <= history; j++) {
                int back = t - history + j; // row of this tap in the span; before it, in the history
                float value = back >= 0
                        ? x.data()[x.row(first + back) + c]
                        : memory.get(FLOAT, at + 4L * ((history + back) * (long) channels + c));
                sum = Math.fma(kernel[c * net.taps() + j], value, sum);
            }
            out.data()[out.row(first + t) + c] = Activations.silu(sum);
        }
        for (int j = 0; j < history; j++) {
            int back = count - history + j;
            float value = back >= 0
                    ? x.data()[x.row(first + back) + c]
                    : memory.get(FLOAT, at + 4L * ((history + back) * (long) channels + c));
            memory.set(FLOAT, at + 4L * (j * (long) channels + c), value);
        }
    }

    void deltaRule(DeltaNet net, Step step, CpuBuf qkv, CpuBuf ba, CpuBuf out) {
        int d = net.headLength();
        for (int span = 0; span < step.spans(); span++) {
            MemorySegment memory = state(step.spanState(span), net.layer()).memory();
            int first = step.spanFirst(span);
            int count = step.spanCount(span);
            workers.run(net.valueHeads(), (head, worker) -> {
                if (scratch[worker].length < d * d) {
                    scratch[worker] = new float[d * d];
                }
                float[] s = scratch[worker];
                long at = 4L * head * d * d;
                MemorySegment.copy(memory, FLOAT, at, s, 0, d * d);
                for (int row = first; row < first + count; row++) {
                    deltaRow(net, head, row, s, qkv, ba, out);
                }
                MemorySegment.copy(s, 0, memory, FLOAT, at, d * d);
            });
        }
    }

    /** One row of one head: decay, predict, correct, read; {@code s} is the transposed state, d x d. */
    private static void deltaRow(DeltaNet net, int head, int row, float[] s, CpuBuf qkv, CpuBuf ba, CpuBuf out) {
        int d = net.headLength();
        float[] in = qkv.data();
        int q = qkv.row(row) + net.keyHead()[head] * d;
        int k = q + net.keyWidth();
        int v = qkv.row(row) + 2 * net.keyWidth() + head * d;
        float[] logits = ba.data();
        int logit = ba.row(row);
        float beta = Activations.sigmoid(logits[logit + net.betaAt()[head]]);
        float step = Activations.softplus(
                logits[logit + net.alphaAt()[head]] + net.decayBias().values()[head]);
        float decay = (float) Math.exp(net.decay().values()[head] * step);
        float scale = (float) (1 / Math.sqrt(d));
        float keyDotQuery = Simd.dot(in, k, in, q, d);
        int o = out.row(row) + head * d;
        for (int j = 0; j < d; j++) {
            int sj = j * d;
            float predicted = decay * Simd.dot(s, sj, in, k, d);
            float remembered = decay * Simd.dot(s, sj, in, q, d);
            float delta = beta * (in[v + j] - predicted);
            Simd.scaleAdd(decay, s, sj, delta, in, k, d);
            out.data()[o + j] = scale * (remembered + delta * keyDotQuery);
        }
    }

    private static RecurrentState state(SequenceState sequence, int layer) {
        return (RecurrentState) sequence.layer(layer);
    }
}
