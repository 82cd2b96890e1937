package dev.sluice.cpu.format;

import static dev.sluice.cpu.format.Bytes.f16;
import static dev.sluice.cpu.format.Bytes.u8;
import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 32 elements: {@code d f16@0, qs u8[16]@2}. {@code y[i] = d * (q - 8)}, with {@code q} the low nibbles of {@code qs}
 * for elements 0 to 15 and the high nibbles for 16 to 31.
 */
final class Q4_0 extends BlockFormat implements LaneFormat {

    /** Words and factors are arranged as those of this format. */
    private static final Q4_1 ARRANGED = new Q4_1();

    Q4_0() {
        super(TensorType.Q4_0);
    }

    @Override
    void decodeBlock(MemorySegment data, long block, float[] out, int at) {
        float d = f16(data, block);
        for (int i = 0; i < 16; i++) {
            int q = u8(data, block + 2 + i);
            out[at + i] = d * ((q & 15) - 8);
            out[at + 16 + i] = d * ((q >> 4) - 8);
        }
    }

    @Override
    public Layout layout() {
        return Layout.headed(type(), 2).arranged(4);
    }

    /** Four words, each with eight columns: four in the low nibbles, the next four in the high ones. */
    @Override
    public void arrange(int[] file, int[] words) {
        Planes.nibbles(file, 0, words, 0);
    }

    /** For each block its d, then -8 d: the factors of {@link Q4_1}. */
    @Override
    public void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {
        int blocks = columns / 32;
        int whole = 2 * blocks * GROUP; // behind the factors
        Lanes.halves(heads, headAt, blocks * GROUP, factors, whole);
        for (int b = 0; b < blocks; b++) {
            for (int v = 0; v < GROUP; v += LANES) {
                FloatVector d = FloatVector.fromArray(F, factors, whole + b * GROUP + v);
                d.intoArray(factors, 2 * b * GROUP + v);
                d.mul(-8).intoArray(factors, (2 * b + 1) * GROUP + v);
            }
        }
    }

    /** Not as {@link Q4_1} has it: there a product of 0 loses its sign. */
    @Override
    public void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt) {
        int chain = columns / 4 * GROUP;
        for (int v = 0; v < GROUP; v += LANES) {
            for (int b = 0; b < columns / 32; b++) {
                int from = at + b * 4 * GROUP + v;
                FloatVector s = FloatVector.fromArray(F, factors, 2 * b * GROUP + v);
                for (int i = 0; i < 4; i++) {
                    IntVector w = IntVector.fromArray(I, words, from + i * GROUP);
                    for (int n = 0; n < 2; n++) { // the low nibbles, then the high ones
                        IntVector q = w;
                        w = w.lanewise(VectorOperators.LSHR, 4);
                        int to = outAt + (b * 8 + 2 * i + n) * GROUP + v;
                        for (int j = 0; j < 4; j++) {
                            q.and(15)
                                    .sub(8)
                                    .convert(VectorOperators.I2F, 0)
                                    .reinterpretAsFloats()
                                    .mul(s)
                                    .intoArray(out, to + j * chain);
                            q = q.lanewise(VectorOperators.LSHR, 8);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt) {
        ARRANGED.dot(words, at, factors, columns, x, xAt, out, outAt);
    }

    @Override
    public int mostRows() {
        return ARRANGED.mostRows();
    }

    @Override
    public void dotFour(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        ARRANGED.dotFour(words, at, factors, columns, x, xAt, sums, sumsAt);
    }

    @Override
    public void dotEight(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        ARRANGED.dotEight(words, at, factors, columns, x, xAt, sums, sumsAt);
    }
}
