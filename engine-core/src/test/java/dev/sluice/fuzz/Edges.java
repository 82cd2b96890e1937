package dev.sluice.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Values that programs stumble over. */
final class Edges {
    private static final long[] INTEGERS = {
        0,
        1,
        2,
        3,
        4,
        5,
        7,
        8,
        16,
        31,
        32,
        33,
        64,
        127,
        128,
        255,
        256,
        1000,
        4096,
        65535,
        65536,
        1 << 18,
        1 << 20,
        1 << 24,
        1 << 30,
        Integer.MAX_VALUE - 64,
        Integer.MAX_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1,
        -1,
        -2,
        -32,
        Integer.MIN_VALUE
    };
    private static final double[] FLOATS = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        2,
        1e-6,
        1e-30,
        1e-45,
        1e-310,
        1e30,
        3.4e38,
        1e39,
        1e300,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        10000,
        1e7
    };
    private static final String[] TEXTS = {
        "",
        " ",
        "\0",
        "\n",
        "a\nb",
        "none",
        "gpt2",
        "llama",
        "qwen2",
        "qwen35",
        "default",
        "qwen35moe",
        "qwen3next",
        "yarn",
        "linear",
        "\u0120",
        "\uD83D\uDE00",
        "{{",
        "{% for m in messages %}{{ m.content }}{% endfor %}",
        "<|im_end|>"
    };

    private Edges() {}

    /** An integer at an edge, near the one that is there, or any. */
    static long integer(long current, SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> current + 1;
            case 1 -> current - 1;
            case 2 -> current * 2;
            case 3 -> current / 2;
            case 4 -> random.nextInt(512);
            case 5 -> random.nextLong() >> random.nextInt(64);
            default -> INTEGERS[random.nextInt(INTEGERS.length)];
        };
    }

    private static double real(double current, SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> -current;
            case 1 -> current * (random.nextBoolean() ? 2 : 0.5);
            case 2 -> Double.longBitsToDouble(random.nextLong());
            default -> FLOATS[random.nextInt(FLOATS.length)];
        };
    }

    /** A number of a metadata type, in its bytes, instead of the one that is there. */
    static byte[] number(int type, byte[] current, SplittableRandom random) {
        byte[] bytes = current.clone();
        ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (type == GgufImage.F32) {
            value.putFloat(0, (float) real(value.getFloat(0), random));
        } else if (type == GgufImage.F64) {
            value.putDouble(0, real(value.getDouble(0), random));
        } else if (type == GgufImage.BOOL) {
            value.put(0, (byte) (random.nextInt(16) == 0 ? 2 : 1 - value.get(0)));
        } else {
            write(value, 0, bytes.length, integer(read(value, 0, bytes.length), random));
        }
        return bytes;
    }

    /** The little-endian integer of 1 to 8 bytes at a place. */
    static long read(ByteBuffer bytes, int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes.get(at + i) & 0xFFL) << 8 * i;
        }
        return value;
    }

    static void write(ByteBuffer bytes, int at, int size, long value) {
        for (int i = 0; i < size; i++) {
            bytes.put(at + i, (byte) (value >>> 8 * i));
        }
    }

    /** A text made from the one that is there, or another. */
    static byte[] text(byte[] current, SplittableRandom random) {
        int n = current.length;
        switch (random.nextInt(7)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(40)];
                random.nextBytes(noise);
                return noise;
            }
            case 1 -> {
                byte[] damaged = current.clone();
                if (n > 0) {
                    damaged[random.nextInt(n)] = (byte) random.nextInt(256);
                }
                return damaged;
            }
            case 2 -> {
                return concat(current, 0, random.nextInt(n + 1), current, n);
            }
            case 3 -> { // without a piece
                int from = random.nextInt(n + 1);
                return concat(current, 0, from, current, from + random.nextInt(n - from + 1));
            }
            case 4 -> { // a piece twice
                int from = random.nextInt(n + 1);
                return concat(current, 0, from + random.nextInt(n - from + 1), current, from);
            }
            case 5 -> {
                return new String(current, StandardCharsets.UTF_8)
                        .repeat(random.nextInt(20) == 0 ? 200 : 2)
                        .getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                return TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
            }
        }
    }

    /** {@code a[from .. to)} and then {@code b[rest ..]}. */
    private static byte[] concat(byte[] a, int from, int to, byte[] b, int rest) {
        byte[] both = new byte[to - from + b.length - rest];
        System.arraycopy(a, from, both, 0, to - from);
        System.arraycopy(b, rest, both, to - from, b.length - rest);
        return both;
    }
}
