package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.op.DeltaNet;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The verbs of a Gated DeltaNet layer; rows of a sequence in order. The convolution is parallel over channels, the delta rule
 * over stretches of value dimensions: these are the lanes of its vectors, and each has its own column of the state.
 */
final class DeltaKernels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final int CHANNELS_PER_PART = 256;

    /** Value dimensions of one part: two vectors each for the state's row and what is read from it. */
    private static final int STRETCH = 2 * LANES;

    private final Workers workers;
    private final Scratch[] scratch;

    DeltaKernels(Workers workers) {
        this.workers = workers;
        this.scratch = new Scratch[workers.size()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    /** The convolution of one layer: made once, run in every step. */
    Convolution convolution(DeltaNet net, CpuBuf x, CpuBuf out) {
        return new Convolution(net, x, out);
    }

    /**
     * The delta rule of one layer: made once, run in every step.
     *
     * @param gates what {@link #gates} writes
     */
    Rule rule(DeltaNet net, CpuBuf qkv, CpuBuf gates, CpuBuf out) {
        return new Rule(net, qkv, gates, out);
    }

    /** For each value head its beta, then for each its decay, {@code exp(-exp(A_log) softplus(a + bias))}. */
    static void gates(DeltaNet net, float[] logits, int at, float[] out, int outAt) {
        int heads = net.valueHeads();
        for (int h = 0; h < heads; h++) {
            out[outAt + h] = Activations.sigmoid(logits[at + net.betaAt()[h]]);
            float step = Activations.softplus(
                    logits[at + net.alphaAt()[h]] + net.decayBias().values()[h]);
            out[outAt + heads + h] = (float) Math.exp(net.decay().values()[h] * step);
        }
    }

    final class Convolution {
        private final DeltaNet net;
        private final CpuBuf x;
        private final CpuBuf out;
        private final float[] kernel; // [taps][channels]
        private final Workers.Part part = this::part;
        private RecurrentState state;
        private MemorySegment memory;
        private int first;
        private int count;

        private Convolution(DeltaNet net, CpuBuf x, CpuBuf out) {
            this.net = net;
            this.x = x;
            this.out = out;
            kernel = new float[net.taps() * net.channels()];
            for (int c = 0; c < net.channels(); c++) {
                for (int j = 0; j < net.taps(); j++) {
                    kernel[j * net.channels() + c] = net.kernel().values()[c * net.taps() + j];
                }
            }
        }

        void run(Step step) {
            for (int span = 0; span < step.spans(); span++) {
                state = state(step.spanState(span), net.layer());
                memory = state.memory();
                first = step.spanFirst(span);
                count = step.spanCount(span);
                workers.run(Math.ceilDiv(net.channels(), CHANNELS_PER_PART), part);
            }
            memory = null;
            state = null;
        }

        private void part(int part, int worker) {
            int from = part * CHANNELS_PER_PART;
            int width = Math.min(CHANNELS_PER_PART, net.channels() - from);
            scratch[worker].convolve(net, kernel, memory, state.convolutionAt(), from, width, first, count, x, out);
        }
    }

    final class Rule {
        private final DeltaNet net;
        private final CpuBuf qkv;
        private final CpuBuf gates;
        private final CpuBuf out;
        private final int stretches;
        private final Workers.Part part = this::part;
        private MemorySegment memory;
        private int first;
        private int count;

        private Rule(DeltaNet net, CpuBuf qkv, CpuBuf gates, CpuBuf out) {
            this.net = net;
            this.qkv = qkv;
            this.gates = gates;
            this.out = out;
            stretches = Math.ceilDiv(net.headLength(), STRETCH);
        }

        void run(Step step) {
            for (int span = 0; span < step.spans(); span++) {
                memory = state(step.spanState(span), net.layer()).memory();
                first = step.spanFirst(span);
                count = step.spanCount(span);
                workers.run(net.valueHeads() * stretches, part);
            }
            memory = null;
        }

        private void part(int part, int worker) {
            int from = part % stretches * STRETCH;
            scratch[worker].deltaRule(net, memory, part / stretches, from, first, count, qkv, gates, out);
        }
    }

    /** Bytes of the matrix of one head. */
    static long headBytes(int headLength) {
        return 4L * headLength * Math.ceilDiv(headLength, STRETCH) * STRETCH;
    }

    private static RecurrentState state(SequenceState sequence, int layer) {
        return (RecurrentState) sequence.layer(layer);
    }

    /** What one worker computes with; reused. */
    private static final class Scratch {
        private static final int PARTIAL = 16; // lanes of the widest vectors there are

        private final float[] partial = new float[PARTIAL];
        private final float[] room = new float[CHANNELS_PER_PART];
        private float[] history = {}; // [taps - 1][CHANNELS_PER_PART]
        private float[][] tap = {}; // for each tap the array with its row
        private int[] tapAt = {};
        private float[] state = {}; // [head length][STRETCH]
        private final float[] delta = new float[STRETCH];
        private final float[] predicted = new float[STRETCH];
        private final float[] read = new float[STRETCH];
        private final float[] zeros = new float[STRETCH];

        /** Channels {@code from} to {@code from + width} of rows {@code first} to {@code first + count}. */
        void convolve(
                DeltaNet net,
                float[] kernel,
                MemorySegment memory,
                long at,
                int from,
                int width,
                int first,
                int count,
                CpuBuf x,
                CpuBuf out) {
            int taps = net.taps();
            if (history.length < (taps - 1) * CHANNELS_PER_PART) {
                history = new float[(taps - 1) * CHANNELS_PER_PART];
                tap = new float[taps][];
                tapAt = new int[taps];
            }
            for (int j = 0; j < taps - 1; j++) {
                long row = at + 4L * ((long) j * net.channels() + from);
                MemorySegment.copy(memory, FLOAT, row, history, j * CHANNELS_PER_PART, width);
            }
            for (int t = 0; t < count; t++) {
                for (int j = 0; j < taps; j++) {
                    int back = t - (taps - 1) + j; // row of this tap in the span; before it, in the history
                    tap[j] = back >= 0 ? x.data() : history;
                    tapAt[j] = back >= 0 ? x.row(first + back) + from : (taps - 1 + back) * CHANNELS_PER_PART;
                }
                int to = out.row(first + t) + from;
                multiplyTaps(kernel, from, net.channels(), tap, tapAt, taps, out.data(), to, width);
                Activations.silu(out.data(), to, width, room);
            }
            for (int j = 0; j < taps - 1; j++) {
                int back = count - (taps - 1) + j;
                long row = at + 4L * ((long) j * net.channels() + from);
                if (back >= 0) {
                    MemorySegment.copy(x.data(), x.row(first + back) + from, memory, FLOAT, row, width);
                } else {
                    MemorySegment.copy(history, (taps - 1 + back) * CHANNELS_PER_PART, memory, FLOAT, row, width);
                }
            }
        }

        /** {@code sum = sum over j of kernel_j * tap_j}, each channel for itself. */
        private static void multiplyTaps(
                float[] kernel,
                int kernelAt,
                int channels,
                float[][] tap,
                int[] tapAt,
                int taps,
                float[] sum,
                int sumAt,
                int length) {
            int i = 0;
            for (; i <= length - LANES; i += LANES) {
                FloatVector total = FloatVector.zero(F);
                for (int j = 0; j < taps; j++) {
                    total = FloatVector.fromArray(F, kernel, kernelAt + j * channels + i)
                            .fma(FloatVector.fromArray(F, tap[j], tapAt[j] + i), total);
                }
                total.intoArray(sum, sumAt + i);
            }
            for (; i < length; i++) {
                float total = 0;
                for (int j = 0; j < taps; j++) {
                    total = Math.fma(kernel[kernelAt + j * channels + i], tap[j][tapAt[j] + i], total);
                }
                sum[sumAt + i] = total;
            }
        }

        /**
         * The delta rule for value dimensions {@code from} to {@code from + STRETCH} of one head. Each pass over the state
         * writes what one row makes of it and reads it with the key and the query of the next.
         */
        void deltaRule(
                DeltaNet net,
                MemorySegment memory,
                int head,
                int from,
                int first,
                int count,
                CpuBuf qkv,
                CpuBuf gates,
                CpuBuf out) {
            int d = net.headLength();
            int width = Math.min(STRETCH, d - from);
            if (state.length < d * STRETCH) {
                state = new float[d * STRETCH];
            }
            long at = head * headBytes(d) + 4L * from * d;
            MemorySegment.copy(memory, FLOAT, at, state, 0, d * STRETCH);
            Arrays.fill(delta, 0); // lanes behind a short last stretch stay zero
            float[] in = qkv.data();
            int keyHead = net.keyHead()[head] * d;
            float scale = (float) (1 / Math.sqrt(d));
            float decay = 1;
            int key = 0;
            float[] correction = zeros; // before the first row the state is only read
            for (int row = first; row < first + count; row++) {
                int query = qkv.row(row) + keyHead;
                int nextKey = query + net.keyWidth();
                pass(
                        state,
                        d,
                        decay,
                        correction,
                        in,
                        row == first ? nextKey : key,
                        in,
                        nextKey,
                        query,
                        predicted,
                        read);
                key = nextKey;
                correction = delta;
                float beta = gates.data()[gates.row(row) + head];
                decay = gates.data()[gates.row(row) + net.valueHeads() + head];
                float keyDotQuery = dot(in, key, query, d);
                int v = qkv.row(row) + 2 * net.keyWidth() + head * d + from;
                int o = out.row(row) + head * d + from;
                correct(beta, decay, in, v, keyDotQuery, scale, out.data(), o, width);
            }
            pass(state, d, decay, correction, in, key, in, key, key, predicted, read);
            MemorySegment.copy(state, 0, memory, FLOAT, at, d * STRETCH);
        }

        /** {@code delta = beta * (value - decay * predicted)}, {@code out = scale * (decay * read + delta * keyDotQuery)}. */
        private void correct(
                float beta,
                float decay,
                float[] in,
                int value,
                float keyDotQuery,
                float scale,
                float[] out,
                int outAt,
                int width) {
            FloatVector betas = FloatVector.broadcast(F, beta);
            FloatVector products = FloatVector.broadcast(F, keyDotQuery);
            int j = 0;
            for (; j <= width - LANES; j += LANES) {
                FloatVector d = FloatVector.fromArray(F, in, value + j)
                        .sub(FloatVector.fromArray(F, predicted, j).mul(decay))
                        .mul(betas);
                d.intoArray(delta, j);
                d.fma(products, FloatVector.fromArray(F, read, j).mul(decay))
                        .mul(scale)
                        .intoArray(out, outAt + j);
            }
            for (; j < width; j++) {
                delta[j] = beta * (in[value + j] - decay * predicted[j]);
                out[outAt + j] = scale * Math.fma(delta[j], keyDotQuery, decay * read[j]);
            }
        }

        /** {@code s = decay * s + key (x) delta}, then {@code predicted = s^T nextKey} and {@code read = s^T query}. */
        private static void pass(
                float[] s,
                int d,
                float decay,
                float[] delta,
                float[] keys,
                int key,
                float[] in,
                int nextKey,
                int query,
                float[] predicted,
                float[] read) {
            FloatVector g = FloatVector.broadcast(F, decay);
            FloatVector delta0 = FloatVector.fromArray(F, delta, 0);
            FloatVector delta1 = FloatVector.fromArray(F, delta, LANES);
            FloatVector predicted0 = FloatVector.zero(F);
            FloatVector predicted1 = predicted0;
            FloatVector read0 = predicted0;
            FloatVector read1 = predicted0;
            for (int k = 0; k < d; k++) {
                FloatVector factor = FloatVector.broadcast(F, keys[key + k]);
                FloatVector s0 = FloatVector.fromArray(F, s, k * STRETCH).mul(g);
                FloatVector s1 =
                        FloatVector.fromArray(F, s, k * STRETCH + LANES).mul(g);
                s0 = delta0.fma(factor, s0);
                s1 = delta1.fma(factor, s1);
                s0.intoArray(s, k * STRETCH);
                s1.intoArray(s, k * STRETCH + LANES);
                factor = FloatVector.broadcast(F, in[nextKey + k]);
                predicted0 = s0.fma(factor, predicted0);
                predicted1 = s1.fma(factor, predicted1);
                factor = FloatVector.broadcast(F, in[query + k]);
                read0 = s0.fma(factor, read0);
                read1 = s1.fma(factor, read1);
            }
            predicted0.intoArray(predicted, 0);
            predicted1.intoArray(predicted, LANES);
            read0.intoArray(read, 0);
            read1.intoArray(read, LANES);
        }

        /** In {@value #PARTIAL} partial sums, however many a vector holds. */
        private float dot(float[] x, int a, int b, int length) {
            int whole = length / PARTIAL * PARTIAL;
            for (int v = 0; v < PARTIAL; v += LANES) {
                FloatVector sum = FloatVector.zero(F);
                for (int i = v; i < whole; i += PARTIAL) {
                    sum = FloatVector.fromArray(F, x, a + i).fma(FloatVector.fromArray(F, x, b + i), sum);
                }
                sum.intoArray(partial, v);
            }
            for (int i = whole; i < length; i++) {
                partial[i - whole] = Math.fma(x[a + i], x[b + i], partial[i - whole]);
            }
            for (int half = PARTIAL / 2; half > 0; half /= 2) {
                for (int i = 0; i < half; i++) {
                    partial[i] += partial[half + i];
                }
            }
            return partial[0];
        }
    }
}
