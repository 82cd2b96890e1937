package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 64 elements: {@code d u8[4]@0, qs u8[32]@4}; {@code d} are unsigned E4M3, one per 16 elements. With {@code s = i / 16},
 * the low nibbles of {@code qs[8s .. 8s+7]} are the first eight elements of the sixteen, the high nibbles the rest.
 * {@code y[i] = d[s] / 2 * VALUES[q]}, values of {@link MXFP4}.
 *
 * <p>The factor that goes with a whole NVFP4 tensor lives in a tensor of its own and is not applied here.
 */
final class NVFP4 extends BlockFormat {

    /** Half of each E4M3 value, as the values are doubled. */
    private static final float[] SCALES = scales();

    NVFP4() {
        super(TensorType.NVFP4);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        for (int s = 0; s < 4; s++) {
            float d = SCALES[u8(data, block + s)];
            long qs = block + 4 + 8 * s;
            int to = at + 16 * s;
            for (int i = 0; i < 8; i++) {
                int q = u8(data, qs + i);
                out[to + i] = d * MXFP4.VALUES[q & 15];
                out[to + 8 + i] = d * MXFP4.VALUES[q >> 4];
            }
        }
    }

    /** The sign bit is ignored; 0x7f, which is NaN in E4M3, stands for zero. */
    private static float[] scales() {
        float[] scales = new float[256];
        for (int x = 0; x < 256; x++) {
            int e = x >> 3 & 15;
            int m = x & 7;
            float value = e == 0 ? Math.scalb((float) m, -9) : Math.scalb(1 + m / 8f, e - 7);
            scales[x] = x == 0x7f ? 0 : value / 2;
        }
        return scales;
    }
}
