package dev.sluice.cpu;

import static dev.sluice.cpu.format.Lanes.F;
import static dev.sluice.cpu.format.Lanes.GROUP;
import static dev.sluice.cpu.format.Lanes.I;
import static dev.sluice.cpu.format.Lanes.LANES;
import static dev.sluice.cpu.format.Lanes.S;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The product of a few rows with a panel of halves, converted on the way: what {@link Gemm} makes of the same panel as
 * floats, to the bit, but with one pass through memory. It pays for a single token, where each panel is used once.
 */
final class HalfPanel {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private HalfPanel() {}

    /**
     * As {@link Gemm#multiply}, but x is not packed: row {@code i} is at {@code xAt + i * stride}, columns side by side.
     *
     * @param rows of x; the sums are filled up to whole tiles of {@link Gemm#SMALL_TILE} rows
     * @param panel finite halves, {@code [4 chains][pitch][GROUP]} from value {@code panelAt}
     */
    static void multiply(
            float[] x,
            int xAt,
            int stride,
            int rows,
            MemorySegment panel,
            long panelAt,
            int columns,
            int pitch,
            float[] sums,
            int sumsAt) {
        int height = Gemm.SMALL_TILE;
        for (int i = 0; i < rows; i += height) {
            for (int c = 0; c < 4; c++) {
                int x0 = xAt + i * stride + c;
                int x1 = i + 1 < rows ? x0 + stride : x0; // a row again where there is none
                int x2 = i + 2 < rows ? x1 + stride : x0;
                int x3 = i + 3 < rows ? x2 + stride : x0;
                long w = Short.BYTES * (panelAt + (long) c * pitch * GROUP);
                tile4(x, x0, x1, x2, x3, panel, w, Gemm.length(c, columns), sums, sumsAt + i * GROUP);
            }
        }
    }

    /**
     * The conversion is that of the format F16 without what infinite halves need: two of three products, which would wait for the
     * same units as the sums do. The halves come with copies of their signs, of which one is left.
     */
    private static void tile4(
            float[] x, int x0, int x1, int x2, int x3, MemorySegment w, long wAt, int columns, float[] sums, int to) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int k = 0; k < columns; k++) {
            long at = wAt + (long) Short.BYTES * k * GROUP;
            FloatVector u = ((IntVector)
                            ShortVector.fromMemorySegment(S, w, at, ORDER).convertShape(VectorOperators.S2I, I, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f);
            FloatVector v = ((IntVector) ShortVector.fromMemorySegment(S, w, at + (long) Short.BYTES * LANES, ORDER)
                            .convertShape(VectorOperators.S2I, I, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffe000)
                    .reinterpretAsFloats()
                    .mul(0x1p112f);
            FloatVector s = FloatVector.broadcast(F, x[x0 + 4 * k]);
            a0 = s.fma(u, a0);
            b0 = s.fma(v, b0);
            s = FloatVector.broadcast(F, x[x1 + 4 * k]);
            a1 = s.fma(u, a1);
            b1 = s.fma(v, b1);
            s = FloatVector.broadcast(F, x[x2 + 4 * k]);
            a2 = s.fma(u, a2);
            b2 = s.fma(v, b2);
            s = FloatVector.broadcast(F, x[x3 + 4 * k]);
            a3 = s.fma(u, a3);
            b3 = s.fma(v, b3);
        }
        FloatVector.fromArray(F, sums, to).add(a0).intoArray(sums, to);
        FloatVector.fromArray(F, sums, to + LANES).add(b0).intoArray(sums, to + LANES);
        FloatVector.fromArray(F, sums, to + 2 * LANES).add(a1).intoArray(sums, to + 2 * LANES);
        FloatVector.fromArray(F, sums, to + 3 * LANES).add(b1).intoArray(sums, to + 3 * LANES);
        FloatVector.fromArray(F, sums, to + 4 * LANES).add(a2).intoArray(sums, to + 4 * LANES);
        FloatVector.fromArray(F, sums, to + 5 * LANES).add(b2).intoArray(sums, to + 5 * LANES);
        FloatVector.fromArray(F, sums, to + 6 * LANES).add(a3).intoArray(sums, to + 6 * LANES);
        FloatVector.fromArray(F, sums, to + 7 * LANES).add(b3).intoArray(sums, to + 7 * LANES);
    }
}
