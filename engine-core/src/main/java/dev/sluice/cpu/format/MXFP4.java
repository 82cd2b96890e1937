package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.u8;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * 32 elements: {@code e u8@0, qs u8[16]@1}. {@code y[i] = 2^(e-128) * VALUES[q]}, nibbles {@code q} as in {@link Q4_0}.
 */
final class MXFP4 extends BlockFormat {

    /** The E2M1 values doubled, so that they are whole; the scale is halved for it. Also those of {@link NVFP4}. */
    static final float[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    MXFP4() {
        super(TensorType.MXFP4);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = scale(u8(data, block));
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 1 + i);
            out[at + i] = d * VALUES[q & 15];
            out[at + 16 + i] = d * VALUES[q >> 4];
        }
    }

    /** {@code 2^(e-128)}, built from its bits: subnormal for {@code e} of 0 and 1. */
    private static float scale(int e) {
        return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : (e - 1) << 23);
    }
}
