package dev.sluice;

import dev.sluice.gguf.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the weights of one tensor are drawn: around a mean with a deviation, or the decay rates of a recurrent layer.
 * Weight {@code k} of the tensor with index {@code t} in the file depends on the seed and these two and nothing else:
 *
 * <pre>
 * mix(x)        = the finalizer of splitmix64 applied to x + 0x9E3779B97F4A7C15
 * bits(t, k)    = mix(mix(mix(seed) + t) + k * 0x9E3779B97F4A7C15)          64-bit arithmetic
 * normal(t, k)  = (sum of the four unsigned 16-bit quarters of bits - 131070) * sqrt(3) / 65536
 * uniform(t, k) = (bits &gt;&gt;&gt; 40) / 2^24
 * weight        = mean + deviation * normal, or -exp(-3 + 4 * uniform) for decay; computed in f64, rounded to f32
 * </pre>
 */
record SyntheticWeights(double mean, double deviation, boolean decay) {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    static SyntheticWeights normal(double mean, double deviation) {
        return new SyntheticWeights(mean, deviation, false);
    }

    static SyntheticWeights ofFanIn(long fanIn) {
        return normal(0, 1 / Math.sqrt(fanIn));
    }

    static SyntheticWeights decays() {
        return new SyntheticWeights(0, 0, true);
    }

    /** The weights from index {@code from} on of the tensor with index {@code tensor}. */
    void fill(float[] weights, long seed, int tensor, long from) {
        long start = mix(mix(seed) + tensor);
        double scale = deviation * Math.sqrt(3) / 65536;
        for (int i = 0; i < weights.length; i++) {
            long bits = mix(start + (from + i) * GAMMA);
            if (decay) {
                weights[i] = (float) -StrictMath.exp(-3 + 4 * ((bits >>> 40) * 0x1p-24));
            } else {
                long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
                weights[i] = (float) (mean + scale * (sum - 131070));
            }
        }
    }

    private static long mix(long x) {
        long z = x + GAMMA;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** One row as F32, F16, BF16 or Q8_0; other types need an encoder. */
    static byte[] encode(TensorType type, float[] row) {
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(type.bytes(row.length))).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> out.asFloatBuffer().put(row);
            case F16 -> {
                for (float x : row) {
                    out.putShort(Float.floatToFloat16(x));
                }
            }
            case BF16 -> {
                for (float x : row) {
                    out.putShort((short) (Float.floatToRawIntBits(x) + 0x8000 >>> 16));
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < row.length; i += 32) {
                    encodeQ8(row, i, out);
                }
            }
            default -> throw new IllegalArgumentException("type " + type + " needs an encoder");
        }
        return out.array();
    }

    private static void encodeQ8(float[] row, int from, ByteBuffer out) {
        float most = 0;
        for (int i = 0; i < 32; i++) {
            most = Math.max(most, Math.abs(row[from + i]));
        }
        float scale = most / 127;
        out.putShort(Float.floatToFloat16(scale));
        for (int i = 0; i < 32; i++) {
            out.put((byte) (scale == 0 ? 0 : Math.rint(row[from + i] / scale)));
        }
    }
}
