package dev.sluice.bench.jmh;

import dev.sluice.gguf.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Random weights of any type whose products stay finite, and are not denormal. */
final class RandomWeights {
    /** Clears the highest bit of the exponent of a half, wherever in a block there may be one. */
    private static final int SMALL = 0xbf;

    private RandomWeights() {}

    static byte[] row(TensorType type, int length, Random random) {
        byte[] bytes = new byte[Math.toIntExact(type.bytes(length))];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> {
                while (out.hasRemaining()) {
                    out.putFloat((float) random.nextGaussian());
                }
            }
            case F16 -> {
                while (out.hasRemaining()) {
                    out.putShort(Float.floatToFloat16((float) random.nextGaussian()));
                }
            }
            case BF16 -> {
                while (out.hasRemaining()) {
                    out.putShort((short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16));
                }
            }
            default -> {
                random.nextBytes(bytes);
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] &= (byte) SMALL;
                }
                for (int block = 0; type == TensorType.MXFP4 && block < bytes.length; block += type.blockBytes()) {
                    bytes[block] = (byte) (120 + random.nextInt(4)); // a power of two, 127 being 1
                }
            }
        }
        return bytes;
    }
}
