package dev.sluice;

import dev.sluice.gguf.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Rows of random blocks of any quantized type, with scales small enough that a model of them stays finite. The values have
 * nothing to do with the row that was to be encoded: enough to compare a model with itself.
 */
final class RandomBlocks {
    /** Byte offsets of the f16 fields of each type that has no simple encoder. */
    private static final Map<TensorType, int[]> SCALES = Map.ofEntries(
            Map.entry(TensorType.Q4_0, new int[] {0}),
            Map.entry(TensorType.Q4_1, new int[] {0, 2}),
            Map.entry(TensorType.Q5_0, new int[] {0}),
            Map.entry(TensorType.Q5_1, new int[] {0, 2}),
            Map.entry(TensorType.Q2_K, new int[] {80, 82}),
            Map.entry(TensorType.Q3_K, new int[] {108}),
            Map.entry(TensorType.Q4_K, new int[] {0, 2}),
            Map.entry(TensorType.Q5_K, new int[] {0, 2}),
            Map.entry(TensorType.Q6_K, new int[] {208}),
            Map.entry(TensorType.IQ4_NL, new int[] {0}),
            Map.entry(TensorType.IQ4_XS, new int[] {0}),
            Map.entry(TensorType.TQ1_0, new int[] {52}),
            Map.entry(TensorType.TQ2_0, new int[] {64}),
            Map.entry(TensorType.MXFP4, new int[] {}),
            Map.entry(TensorType.NVFP4, new int[] {}));

    static final List<TensorType> TYPES = SCALES.keySet().stream().sorted().toList();

    private RandomBlocks() {}

    static byte[] encode(TensorType type, float[] row) {
        Random random = new Random(Arrays.hashCode(row));
        byte[] bytes = new byte[Math.toIntExact(type.bytes(row.length))];
        random.nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < bytes.length; block += type.blockBytes()) {
            for (int at : SCALES.get(type)) {
                buffer.putShort(block + at, Float.floatToFloat16((random.nextBoolean() ? 1 : -1) * 0.0005f));
            }
            if (type == TensorType.MXFP4) {
                bytes[block] = (byte) (121 + random.nextInt(3));
            }
            if (type == TensorType.NVFP4) {
                for (int i = 0; i < 4; i++) {
                    bytes[block + i] = (byte) (8 + random.nextInt(16));
                }
            }
        }
        return bytes;
    }
}
