package dev.sluice.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gguf.TensorType;
import dev.sluice.op.DeltaNet;
import dev.sluice.op.LayerState;
import dev.sluice.op.Norm;
import dev.sluice.op.Ops;
import dev.sluice.op.SequenceState;
import dev.sluice.op.Step;
import dev.sluice.op.Vec;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A layer at once against its small verbs, bit for bit, and both against the definition in double. */
class DeltaKernelsTest {
    private static final int ROWS = 150;

    /** Head lengths that fill stretches and blocks of channels, and that do not; value heads in the order of either kind of file. */
    @ParameterizedTest
    @CsvSource({
        "2, 2, 64, 4, true",
        "2, 6, 40, 4, false",
        "3, 6, 33, 4, true",
        "1, 2, 300, 4, true",
        "2, 4, 32, 3, false"
    })
    void aLayerIsItsVerbs(int keyHeads, int valueHeads, int length, int taps, boolean tiled) {
        DeltaNet net = net(keyHeads, valueHeads, length, taps, tiled);
        Rows in = new Rows(
                random(5, ROWS * net.channels()),
                random(6, ROWS * 2 * net.valueHeads()),
                random(7, ROWS * net.valueWidth()));
        float[] expected = run(net, in, 1, ROWS, o -> o.ops.gatedDeltaNet(net, o.qkv, o.ba, o.z, o.out));
        for (int piece : new int[] {1, 7, 64, ROWS}) {
            for (int threads = 1; threads <= 3; threads++) {
                assertThat(run(net, in, threads, piece, o -> o.ops.gatedDeltaNet(net, o.qkv, o.ba, o.z, o.out)))
                        .as("a layer, pieces of %d, %d threads", piece, threads)
                        .isEqualTo(expected);
                assertThat(run(net, in, threads, piece, DeltaKernelsTest.verbs(net)))
                        .as("its verbs, pieces of %d, %d threads", piece, threads)
                        .isEqualTo(expected);
            }
        }
        double[] exact = exact(net, in);
        for (int i = 0; i < exact.length; i++) {
            assertThat((double) expected[i]).as("value %d", i).isCloseTo(exact[i], within(2e-4));
        }
    }

    /** The body that the verb has by itself, made of the small ones of this backend. */
    private static Consumer<Operands> verbs(DeltaNet net) {
        return o -> {
            Ops small = (Ops) Proxy.newProxyInstance(
                    Ops.class.getClassLoader(),
                    new Class<?>[] {Ops.class},
                    (proxy, verb, operands) -> verb.isDefault()
                            ? InvocationHandler.invokeDefault(proxy, verb, operands)
                            : verb.invoke(o.ops, operands));
            small.gatedDeltaNet(net, o.qkv, o.ba, o.z, o.out);
        };
    }

    /** What comes in, row after row. */
    private record Rows(float[] qkv, float[] ba, float[] z) {}

    private record Operands(CpuOps ops, CpuBuf qkv, CpuBuf ba, CpuBuf z, CpuBuf out) {}

    /** All rows, in pieces, from an empty state; what comes out. */
    private static float[] run(DeltaNet net, Rows in, int threads, int piece, Consumer<Operands> verbs) {
        float[] result = new float[ROWS * net.valueWidth()];
        Step step = new Step(piece);
        try (CpuOps ops = new CpuOps(threads, piece, 0, bytes -> {});
                SequenceState state = new SequenceState(new LayerState[] {ops.newState(net.state(), TensorType.F16)})) {
            Operands o = new Operands(
                    ops,
                    (CpuBuf) ops.buf("qkv", net.channels()),
                    (CpuBuf) ops.buf("ba", 2 * net.valueHeads()),
                    (CpuBuf) ops.buf("z", net.valueWidth()),
                    (CpuBuf) ops.buf("out", net.valueWidth()));
            Runnable forward = () -> verbs.accept(o);
            for (int row = 0; row < ROWS; row += piece) {
                int count = Math.min(piece, ROWS - row);
                System.arraycopy(in.qkv(), row * net.channels(), o.qkv.data(), 0, count * net.channels());
                System.arraycopy(in.ba(), row * 2 * net.valueHeads(), o.ba.data(), 0, count * 2 * net.valueHeads());
                System.arraycopy(in.z(), row * net.valueWidth(), o.z.data(), 0, count * net.valueWidth());
                step.clear();
                step.add(state, new int[count], 0, count, false, false);
                ops.run(forward, step);
                state.advance(count);
                System.arraycopy(o.out.data(), 0, result, row * net.valueWidth(), count * net.valueWidth());
            }
        }
        return result;
    }

    /** ARCHITECTURE: convolution with SiLU, normalised queries and keys, the delta rule, norm, gate. */
    private static double[] exact(DeltaNet net, Rows in) {
        int d = net.headLength();
        int channels = net.channels();
        float[] x = in.qkv();
        double[] mixed = new double[ROWS * channels];
        for (int t = 0; t < ROWS; t++) {
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int j = 0; j < net.taps(); j++) {
                    int row = t - net.taps() + 1 + j;
                    sum += row < 0 ? 0 : (double) net.kernel().values()[c * net.taps() + j] * x[row * channels + c];
                }
                mixed[t * channels + c] = silu(sum);
            }
            for (int c = 0; c < 2 * net.keyWidth(); c += d) {
                int at = t * channels + c;
                double squares =
                        Arrays.stream(mixed, at, at + d).map(v -> v * v).sum();
                for (int i = 0; i < d; i++) {
                    mixed[at + i] /= Math.sqrt(squares + 1e-6);
                }
            }
        }
        double[] out = new double[ROWS * net.valueWidth()];
        for (int h = 0; h < net.valueHeads(); h++) {
            double[][] state = new double[d][d]; // [key][value]
            for (int t = 0; t < ROWS; t++) {
                float[] logits = Arrays.copyOfRange(in.ba(), t * 2 * net.valueHeads(), (t + 1) * 2 * net.valueHeads());
                double beta = 1 / (1 + Math.exp(-logits[net.betaAt()[h]]));
                double decay = Math.exp(net.decay().values()[h]
                        * Math.log1p(Math.exp((double) logits[net.alphaAt()[h]]
                                + net.decayBias().values()[h])));
                int query = t * channels + net.keyHead()[h] * d;
                int key = query + net.keyWidth();
                int value = t * channels + 2 * net.keyWidth() + h * d;
                double[] y = new double[d];
                for (int v = 0; v < d; v++) {
                    double predicted = 0;
                    for (int k = 0; k < d; k++) {
                        state[k][v] *= decay;
                        predicted += state[k][v] * mixed[key + k];
                    }
                    for (int k = 0; k < d; k++) {
                        state[k][v] += mixed[key + k] * beta * (mixed[value + v] - predicted);
                        y[v] += state[k][v] * mixed[query + k] / Math.sqrt(d);
                    }
                }
                double rms =
                        Math.sqrt(Arrays.stream(y).map(v -> v * v).average().orElseThrow()
                                + net.outNorm().epsilon());
                for (int v = 0; v < d; v++) {
                    int at = t * net.valueWidth() + h * d + v;
                    out[at] = y[v] / rms * net.outNorm().weight().values()[v] * silu(in.z()[at]);
                }
            }
        }
        return out;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private static DeltaNet net(int keyHeads, int valueHeads, int d, int taps, boolean tiled) {
        int[] each = new int[valueHeads];
        Arrays.setAll(each, h -> h);
        int channels = (2 * keyHeads + valueHeads) * d;
        float[] decay = random(3, valueHeads);
        for (int h = 0; h < valueHeads; h++) {
            decay[h] = -Math.abs(decay[h]) / 4;
        }
        return new DeltaNet(
                0,
                keyHeads,
                valueHeads,
                d,
                Arrays.stream(each)
                        .map(h -> tiled ? h % keyHeads : h / (valueHeads / keyHeads))
                        .toArray(),
                each,
                Arrays.stream(each).map(h -> valueHeads + h).toArray(),
                new Vec("kernel", random(1, taps * channels)),
                taps,
                new Vec("decay", decay),
                new Vec("bias", random(2, valueHeads)),
                new Norm(new Vec("norm", random(4, d)), 1e-6f));
    }

    private static float[] random(int seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
