package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.op.DeltaNet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * What one worker computes a Gated DeltaNet layer with. A whole layer goes key head by key head and some rows at a time: what the
 * convolution makes of them is still near when the delta rule reads it, and is never written to memory.
 */
final class DeltaBlock {
    /** Value dimensions of a stretch: two vectors each for the state's row and what is read from it. */
    static final int STRETCH = 2 * LANES;

    /** Gates of a row and value head: beta, decay, and the product of its key and its query. */
    static final int GATES = 3;

    /** The convolution takes so many channels at once, or those of a head. */
    static final int CHANNELS = 256;

    private static final int ROWS = 64;
    private static final int PARTIAL = 16; // lanes of the widest vectors there are
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final float[] partial = Apart.floats(PARTIAL);
    private final float[] room; // [head length, at least CHANNELS]
    private final float[] early; // [2 (taps - 1)][as many]
    private final float[] delta = Apart.floats(STRETCH);
    private final float[] values = Apart.floats(STRETCH); // of a short stretch
    private final float[] results = Apart.floats(STRETCH);

    private final CpuBuf query; // [ROWS][head length], as the next three
    private final CpuBuf key;
    private final CpuBuf value;
    private final CpuBuf result;
    private final CpuBuf gates; // [ROWS][GATES]

    DeltaBlock(DeltaNet net) {
        int d = net.headLength();
        room = Apart.floats(Math.max(d, CHANNELS));
        early = Apart.floats(earlyValues(net));
        query = rows(d);
        key = rows(d);
        value = rows(d);
        result = rows(d);
        gates = rows(GATES);
    }

    private static CpuBuf rows(int width) {
        return new CpuBuf(Apart.floats(ROWS * width), 0, width, width);
    }

    boolean fits(DeltaNet net) {
        return query.width() == net.headLength() && early.length >= earlyValues(net);
    }

    private static int earlyValues(DeltaNet net) {
        return 2 * (net.taps() - 1) * Math.max(net.headLength(), CHANNELS);
    }

    /** Bytes of the matrix of one head. */
    static long headBytes(int headLength) {
        return 4L * headLength * Math.ceilDiv(headLength, STRETCH) * STRETCH;
    }

    /**
     * All that happens to the value heads of one key head, for rows {@code first} to {@code first + count}.
     *
     * @param kernel {@code [taps][channels]}
     * @param valueHeads those of the key head
     */
    void compute(
            DeltaNet net,
            float[] kernel,
            MemorySegment memory,
            long convolutionAt,
            int keyHead,
            int[] valueHeads,
            int first,
            int count,
            CpuBuf qkv,
            CpuBuf ba,
            CpuBuf z,
            CpuBuf out) {
        int d = net.headLength();
        for (int row = first; row < first + count; row += ROWS) {
            int n = Math.min(ROWS, first + count - row);
            int channel = keyHead * d;
            convolve(net, kernel, memory, convolutionAt, channel, d, row, n, qkv, query, 0, 0);
            channel += net.keyWidth();
            convolve(net, kernel, memory, convolutionAt, channel, d, row, n, qkv, key, 0, 0);
            for (int t = 0; t < n; t++) {
                normalise(query, t);
                normalise(key, t);
            }
            for (int head : valueHeads) {
                channel = 2 * net.keyWidth() + head * d;
                convolve(net, kernel, memory, convolutionAt, channel, d, row, n, qkv, value, 0, 0);
                for (int t = 0; t < n; t++) {
                    gate(net, head, ba, row + t, query, key, gates, t);
                }
                for (int from = 0; from < d; from += STRETCH) {
                    deltaRule(memory, head, d, from, 0, n, query, key, value, gates, result);
                }
                finish(net, head, row, n, z, out);
            }
        }
    }

    private static void normalise(CpuBuf x, int row) {
        RowKernels.l2Norm(DeltaNet.KEY_EPSILON, x.data(), x.row(row), x.data(), x.row(row), x.width());
    }

    /** Norm of the results, and the output gate. */
    private void finish(DeltaNet net, int head, int first, int count, CpuBuf z, CpuBuf out) {
        int d = net.headLength();
        float[] y = result.data();
        for (int t = 0; t < count; t++) {
            int at = result.row(t);
            int gate = z.row(first + t) + head * d;
            RowKernels.rmsNorm(net.outNorm(), y, at, y, at, d);
            Activations.siluMul(z.data(), gate, y, at, out.data(), out.row(first + t) + head * d, d, room);
        }
    }

    /**
     * The gates of one value head: beta, {@code exp(-exp(A_log) softplus(a + bias))}, and the product of key and query, which
     * all stretches of the head share.
     *
     * @param row of the logits
     * @param t row of queries, keys and gates
     */
    void gate(DeltaNet net, int head, CpuBuf logits, int row, CpuBuf query, CpuBuf key, CpuBuf gates, int t) {
        float[] in = logits.data();
        float[] to = gates.data();
        int at = gates.row(t);
        to[at] = Activations.sigmoid(in[logits.row(row) + net.betaAt()[head]]);
        float step = Activations.softplus(
                in[logits.row(row) + net.alphaAt()[head]] + net.decayBias().values()[head]);
        to[at + 1] = (float) Math.exp(net.decay().values()[head] * step);
        to[at + 2] = dot(key.data(), key.row(t), query.data(), query.row(t), net.headLength());
    }

    /**
     * The convolution of channels {@code channel} to {@code channel + width}, then SiLU, for rows {@code first} to
     * {@code first + count}; keeps the last inputs in the state.
     *
     * @param kernel {@code [taps][channels]}
     * @param width at most {@link #CHANNELS} or the head length
     * @param at byte of the state where the inputs are that it keeps
     * @param out receives the results from row {@code outFirst} and column {@code outColumn}
     */
    void convolve(
            DeltaNet net,
            float[] kernel,
            MemorySegment memory,
            long at,
            int channel,
            int width,
            int first,
            int count,
            CpuBuf x,
            CpuBuf out,
            int outFirst,
            int outColumn) {
        int before = net.taps() - 1;
        // The rows before the first, and behind them the rows that look back to them.
        for (int j = 0; j < before; j++) {
            long kept = at + 4L * ((long) j * net.channels() + channel);
            MemorySegment.copy(memory, FLOAT, kept, early, j * width, width);
        }
        for (int t = 0; t < Math.min(before, count); t++) {
            System.arraycopy(x.data(), x.row(first + t) + channel, early, (before + t) * width, width);
        }
        for (int t = 0; t < count; t++) {
            boolean looksBack = t < before;
            float[] in = looksBack ? early : x.data();
            int from = looksBack ? t * width : x.row(first + t - before) + channel;
            int pitch = looksBack ? width : x.stride();
            int to = out.row(outFirst + t) + outColumn;
            if (before == 3) {
                fourTaps(kernel, channel, net.channels(), in, from, pitch, out.data(), to, width);
            } else {
                Arrays.fill(out.data(), to, to + width, 0);
                for (int j = 0; j <= before; j++) {
                    addTap(kernel, j * net.channels() + channel, in, from + j * pitch, out.data(), to, width);
                }
            }
            Activations.silu(out.data(), to, width, room);
        }
        for (int j = 0; j < before; j++) {
            int t = count - before + j; // before row 0, one that was kept already
            long kept = at + 4L * ((long) j * net.channels() + channel);
            if (t >= 0) {
                MemorySegment.copy(x.data(), x.row(first + t) + channel, memory, FLOAT, kept, width);
            } else {
                MemorySegment.copy(early, (before + t) * width, memory, FLOAT, kept, width);
            }
        }
    }

    /** The convolution of one row with as many taps as all models of the family have, three times as fast as tap by tap. */
    private static void fourTaps(
            float[] kernel,
            int kernelAt,
            int channels,
            float[] x,
            int xAt,
            int pitch,
            float[] out,
            int outAt,
            int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            int k = kernelAt + i;
            int in = xAt + i;
            FloatVector sum = FloatVector.fromArray(F, kernel, k).mul(FloatVector.fromArray(F, x, in));
            sum = FloatVector.fromArray(F, kernel, k + channels).fma(FloatVector.fromArray(F, x, in + pitch), sum);
            sum = FloatVector.fromArray(F, kernel, k + 2 * channels)
                    .fma(FloatVector.fromArray(F, x, in + 2 * pitch), sum);
            FloatVector.fromArray(F, kernel, k + 3 * channels)
                    .fma(FloatVector.fromArray(F, x, in + 3 * pitch), sum)
                    .intoArray(out, outAt + i);
        }
        for (; i < length; i++) {
            int k = kernelAt + i;
            int in = xAt + i;
            float sum = kernel[k] * x[in];
            sum = Math.fma(kernel[k + channels], x[in + pitch], sum);
            sum = Math.fma(kernel[k + 2 * channels], x[in + 2 * pitch], sum);
            out[outAt + i] = Math.fma(kernel[k + 3 * channels], x[in + 3 * pitch], sum);
        }
    }

    /** {@code sum += kernel * x}, each channel for itself. */
    private static void addTap(float[] kernel, int kernelAt, float[] x, int xAt, float[] sum, int sumAt, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(F, kernel, kernelAt + i)
                    .fma(FloatVector.fromArray(F, x, xAt + i), FloatVector.fromArray(F, sum, sumAt + i))
                    .intoArray(sum, sumAt + i);
        }
        for (; i < length; i++) {
            sum[sumAt + i] = Math.fma(kernel[kernelAt + i], x[xAt + i], sum[sumAt + i]);
        }
    }

    /**
     * The delta rule for value dimensions {@code from} to {@code from + STRETCH} of one head, in place, for rows {@code first} to
     * {@code first + count} of all buffers. Each pass over the state writes what one row makes of it and reads it with the key and
     * the query of the next; the first pass only reads, the last only writes.
     *
     * @param memory {@code [heads][stretches][d: key dimension][STRETCH]}
     * @param d head length
     * @param query normalised, as the keys
     * @param gates what {@link #gate} writes
     */
    void deltaRule(
            MemorySegment memory,
            int head,
            int d,
            int from,
            int first,
            int count,
            CpuBuf query,
            CpuBuf key,
            CpuBuf value,
            CpuBuf gates,
            CpuBuf out) {
        int width = Math.min(STRETCH, d - from);
        boolean whole = width == STRETCH;
        long at = head * headBytes(d) + 4L * from * d;
        float scale = (float) (1 / Math.sqrt(d));
        float decay = 1;
        for (int row = first; row < first + count; row++) {
            int v = value.row(row) + from;
            int to = out.row(row) + from;
            int gate = gates.row(row);
            if (!whole) {
                System.arraycopy(value.data(), v, values, 0, width); // behind them there stay zeros
            }
            float beta = gates.data()[gate];
            float nextDecay = gates.data()[gate + 1];
            float keyQuery = gates.data()[gate + 2];
            if (row == first) {
                read(
                        memory,
                        at,
                        d,
                        key.data(),
                        key.row(row),
                        query.data(),
                        query.row(row),
                        delta,
                        beta,
                        nextDecay,
                        keyQuery,
                        scale,
                        whole ? value.data() : values,
                        whole ? v : 0,
                        whole ? out.data() : results,
                        whole ? to : 0);
            } else {
                pass(
                        memory,
                        at,
                        d,
                        decay,
                        key.data(),
                        key.row(row - 1),
                        key.row(row),
                        query.data(),
                        query.row(row),
                        delta,
                        beta,
                        nextDecay,
                        keyQuery,
                        scale,
                        whole ? value.data() : values,
                        whole ? v : 0,
                        whole ? out.data() : results,
                        whole ? to : 0);
            }
            if (!whole) {
                System.arraycopy(results, 0, out.data(), to, width);
            }
            decay = nextDecay;
        }
        write(memory, at, d, decay, key.data(), key.row(first + count - 1), delta);
    }

    /**
     * With {@code predicted = s^T key} and {@code read = s^T query}: {@code delta = beta * (value - decay * predicted)},
     * {@code out = scale * (decay * read + delta * keyQuery)}.
     */
    private static void read(
            MemorySegment s,
            long at,
            int d,
            float[] keys,
            int key,
            float[] queries,
            int query,
            float[] delta,
            float beta,
            float decay,
            float keyQuery,
            float scale,
            float[] value,
            int valueAt,
            float[] out,
            int outAt) {
        FloatVector predicted0 = FloatVector.zero(F);
        FloatVector predicted1 = predicted0;
        FloatVector read0 = predicted0;
        FloatVector read1 = predicted0;
        for (int k = 0; k < d; k++) {
            long row = at + (long) k * STRETCH * Float.BYTES;
            FloatVector s0 = FloatVector.fromMemorySegment(F, s, row, ORDER);
            FloatVector s1 = FloatVector.fromMemorySegment(F, s, row + LANES * Float.BYTES, ORDER);
            FloatVector factor = FloatVector.broadcast(F, keys[key + k]);
            predicted0 = s0.fma(factor, predicted0);
            predicted1 = s1.fma(factor, predicted1);
            factor = FloatVector.broadcast(F, queries[query + k]);
            read0 = s0.fma(factor, read0);
            read1 = s1.fma(factor, read1);
        }
        FloatVector delta0 = FloatVector.fromArray(F, value, valueAt)
                .sub(predicted0.mul(decay))
                .mul(beta);
        FloatVector delta1 = FloatVector.fromArray(F, value, valueAt + LANES)
                .sub(predicted1.mul(decay))
                .mul(beta);
        delta0.intoArray(delta, 0);
        delta1.intoArray(delta, LANES);
        FloatVector products = FloatVector.broadcast(F, keyQuery);
        delta0.fma(products, read0.mul(decay)).mul(scale).intoArray(out, outAt);
        delta1.fma(products, read1.mul(decay)).mul(scale).intoArray(out, outAt + LANES);
    }

    /**
     * What {@link #write} does for one row, then what {@link #read} does for the next, whose gates these are. The stores come
     * last in the loop: after each the compiler reads anew what it knows about the memory.
     *
     * @param oldDecay of the row before
     * @param key of the row before
     * @param delta of the row before, then of this
     */
    private static void pass(
            MemorySegment s,
            long at,
            int d,
            float oldDecay,
            float[] keys,
            int key,
            int nextKey,
            float[] queries,
            int query,
            float[] delta,
            float beta,
            float decay,
            float keyQuery,
            float scale,
            float[] value,
            int valueAt,
            float[] out,
            int outAt) {
        FloatVector old = FloatVector.broadcast(F, oldDecay);
        FloatVector delta0 = FloatVector.fromArray(F, delta, 0);
        FloatVector delta1 = FloatVector.fromArray(F, delta, LANES);
        FloatVector predicted0 = FloatVector.zero(F);
        FloatVector predicted1 = predicted0;
        FloatVector read0 = predicted0;
        FloatVector read1 = predicted0;
        for (int k = 0; k < d; k++) {
            long row = at + (long) k * STRETCH * Float.BYTES;
            FloatVector factor = FloatVector.broadcast(F, keys[key + k]);
            FloatVector s0 = delta0.fma(
                    factor, FloatVector.fromMemorySegment(F, s, row, ORDER).mul(old));
            FloatVector s1 = delta1.fma(
                    factor,
                    FloatVector.fromMemorySegment(F, s, row + LANES * Float.BYTES, ORDER)
                            .mul(old));
            factor = FloatVector.broadcast(F, keys[nextKey + k]);
            predicted0 = s0.fma(factor, predicted0);
            predicted1 = s1.fma(factor, predicted1);
            factor = FloatVector.broadcast(F, queries[query + k]);
            read0 = s0.fma(factor, read0);
            read1 = s1.fma(factor, read1);
            s0.intoMemorySegment(s, row, ORDER);
            s1.intoMemorySegment(s, row + LANES * Float.BYTES, ORDER);
        }
        delta0 = FloatVector.fromArray(F, value, valueAt)
                .sub(predicted0.mul(decay))
                .mul(beta);
        delta1 = FloatVector.fromArray(F, value, valueAt + LANES)
                .sub(predicted1.mul(decay))
                .mul(beta);
        delta0.intoArray(delta, 0);
        delta1.intoArray(delta, LANES);
        FloatVector products = FloatVector.broadcast(F, keyQuery);
        delta0.fma(products, read0.mul(decay)).mul(scale).intoArray(out, outAt);
        delta1.fma(products, read1.mul(decay)).mul(scale).intoArray(out, outAt + LANES);
    }

    /** {@code s = decay * s + key (x) delta}. */
    private static void write(MemorySegment s, long at, int d, float decay, float[] keys, int key, float[] delta) {
        FloatVector old = FloatVector.broadcast(F, decay);
        FloatVector delta0 = FloatVector.fromArray(F, delta, 0);
        FloatVector delta1 = FloatVector.fromArray(F, delta, LANES);
        for (int k = 0; k < d; k++) {
            long row = at + (long) k * STRETCH * Float.BYTES;
            FloatVector factor = FloatVector.broadcast(F, keys[key + k]);
            FloatVector s0 = delta0.fma(
                    factor, FloatVector.fromMemorySegment(F, s, row, ORDER).mul(old));
            FloatVector s1 = delta1.fma(
                    factor,
                    FloatVector.fromMemorySegment(F, s, row + LANES * Float.BYTES, ORDER)
                            .mul(old));
            s0.intoMemorySegment(s, row, ORDER);
            s1.intoMemorySegment(s, row + LANES * Float.BYTES, ORDER);
        }
    }

    /** In {@value #PARTIAL} partial sums, however many a vector holds. */
    private float dot(float[] x, int a, float[] y, int b, int length) {
        int whole = length / PARTIAL * PARTIAL;
        for (int v = 0; v < PARTIAL; v += LANES) {
            FloatVector sum = FloatVector.zero(F);
            for (int i = v; i < whole; i += PARTIAL) {
                sum = FloatVector.fromArray(F, x, a + i).fma(FloatVector.fromArray(F, y, b + i), sum);
            }
            sum.intoArray(partial, v);
        }
        for (int i = whole; i < length; i++) {
            partial[i - whole] = Math.fma(x[a + i], y[b + i], partial[i - whole]);
        }
        for (int half = PARTIAL / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                partial[i] += partial[half + i];
            }
        }
        return partial[0];
    }
}
