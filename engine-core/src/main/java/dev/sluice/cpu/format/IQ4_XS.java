package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.IQ4_NL.FOURS;
import static dev.sluice.cpu.format.IQ4_NL.TABLE;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.half;
import static dev.sluice.cpu.format.Lanes.ints;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 256 elements: {@code d f16@0, scales_h u16@2, scales_l u8[4]@4, qs u8[128]@8}. With {@code g = i / 32},
 * {@code y[i] = d * (scale(g) - 32) * VALUES[q]}, values of {@link IQ4_NL}; the nibbles {@code q} of each 32 elements are
 * those of 16 bytes of {@code qs} as in {@link Q4_0}. A scale has its low four bits in nibble {@code g % 2} of
 * {@code scales_l[g / 2]} and its high two bits at {@code 2g} of {@code scales_h}.
 */
final class IQ4_XS extends BlockFormat implements LaneFormat {

    IQ4_XS() {
        super(TensorType.IQ4_XS);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        int scalesHigh = u16(data, block + 2);
        for (int g = 0; g < 8; g++) {
            int low = u8(data, block + 4 + g / 2) >> 4 * (g % 2) & 15;
            int high = scalesHigh >> 2 * g & 3;
            float scale = d * ((low | high << 4) - 32);
            long qs = block + 8 + 16 * g;
            int to = at + 32 * g;
            for (int i = 0; i < 16; i++) {
                int q = u8(data, qs + i);
                out[to + i] = scale * IQ4_NL.VALUES[q & 15];
                out[to + 16 + i] = scale * IQ4_NL.VALUES[q >> 4];
            }
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 4).arranged(33);
    }

    /** Scales, then for each 32 columns four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        words[0] = file[0];
        for (int g = 0; g < 8; g++) {
            Planes.nibbles(file, 1 + 4 * g, words, 1 + 4 * g);
        }
    }

    /** For each 32 columns their scale times that of the block. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        for (int v = 0; v < GROUP; v += LANES) {
            FloatVector d = half(ints(heads, headAt + v));
            IntVector high = ints(heads, headAt + GROUP + v);
            IntVector low = IntVector.fromArray(I, words, at + v);
            for (int g = 0; g < 8; g++) {
                low.and(15)
                        .or(high.and(3).lanewise(VectorOperators.LSHL, 4))
                        .sub(32)
                        .convert(VectorOperators.I2F, 0)
                        .reinterpretAsFloats()
                        .mul(d)
                        .intoArray(factors, g * GROUP + v);
                low = low.lanewise(VectorOperators.LSHR, 4);
                high = high.lanewise(VectorOperators.LSHR, 2);
            }
        }
    }

    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        Levels.decodePanel(words, at + GROUP, factors, columns, TABLE, FOURS, out, outAt);
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        Levels.dot(words, at + GROUP, factors, columns, TABLE, FOURS, x, xAt, out, outAt);
    }
}
