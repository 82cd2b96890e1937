package dev.sluice.bench.speed;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of a matrix product, on data that stays in the first-level cache, for several sizes of the register tile:
 * 12 x 2 and 6 x 4 fill 32 registers, 6 x 2 fills 16. Written out, because a vector in an array would be an object.
 */
final class FmaTiles {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = F.length();

    /** Columns of a tile's operands: 12 x 64 and 64 x 4 vectors take 19 KiB at most. */
    private static final int DEPTH = 64;

    /** One tile of rows x vectors; returns a value that depends on all it computed. */
    @FunctionalInterface
    interface Loop {
        float run(float[] a, float[] b, int times);
    }

    record Tile(int rows, int vectors, Loop loop) {
        /** Floating-point operations of one pass, an FMA being two. */
        long flop() {
            return 2L * rows * vectors * LANES * DEPTH;
        }

        float[] a() {
            return filled(rows * DEPTH);
        }

        float[] b() {
            return filled(vectors * LANES * DEPTH);
        }

        private static float[] filled(int length) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = 1e-3f * (i % 7 - 3);
            }
            return values;
        }
    }

    static final List<Tile> ALL = List.of(
            new Tile(12, 2, FmaTiles::tile12x2),
            new Tile(6, 4, FmaTiles::tile6x4),
            new Tile(6, 2, FmaTiles::tile6x2),
            new Tile(4, 2, FmaTiles::tile4x2));

    private FmaTiles() {}

    private static float tile12x2(float[] a, float[] b, int times) {
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        FloatVector c4a = FloatVector.zero(F);
        FloatVector c4b = FloatVector.zero(F);
        FloatVector c5a = FloatVector.zero(F);
        FloatVector c5b = FloatVector.zero(F);
        FloatVector c6a = FloatVector.zero(F);
        FloatVector c6b = FloatVector.zero(F);
        FloatVector c7a = FloatVector.zero(F);
        FloatVector c7b = FloatVector.zero(F);
        FloatVector c8a = FloatVector.zero(F);
        FloatVector c8b = FloatVector.zero(F);
        FloatVector c9a = FloatVector.zero(F);
        FloatVector c9b = FloatVector.zero(F);
        FloatVector c10a = FloatVector.zero(F);
        FloatVector c10b = FloatVector.zero(F);
        FloatVector c11a = FloatVector.zero(F);
        FloatVector c11b = FloatVector.zero(F);
        for (int t = 0; t < times; t++) {
            for (int k = 0; k < DEPTH; k++) {
                FloatVector ba = FloatVector.fromArray(F, b, (2 * k + 0) * LANES);
                FloatVector bb = FloatVector.fromArray(F, b, (2 * k + 1) * LANES);
                FloatVector a0 = FloatVector.broadcast(F, a[12 * k + 0]);
                c0a = a0.fma(ba, c0a);
                c0b = a0.fma(bb, c0b);
                FloatVector a1 = FloatVector.broadcast(F, a[12 * k + 1]);
                c1a = a1.fma(ba, c1a);
                c1b = a1.fma(bb, c1b);
                FloatVector a2 = FloatVector.broadcast(F, a[12 * k + 2]);
                c2a = a2.fma(ba, c2a);
                c2b = a2.fma(bb, c2b);
                FloatVector a3 = FloatVector.broadcast(F, a[12 * k + 3]);
                c3a = a3.fma(ba, c3a);
                c3b = a3.fma(bb, c3b);
                FloatVector a4 = FloatVector.broadcast(F, a[12 * k + 4]);
                c4a = a4.fma(ba, c4a);
                c4b = a4.fma(bb, c4b);
                FloatVector a5 = FloatVector.broadcast(F, a[12 * k + 5]);
                c5a = a5.fma(ba, c5a);
                c5b = a5.fma(bb, c5b);
                FloatVector a6 = FloatVector.broadcast(F, a[12 * k + 6]);
                c6a = a6.fma(ba, c6a);
                c6b = a6.fma(bb, c6b);
                FloatVector a7 = FloatVector.broadcast(F, a[12 * k + 7]);
                c7a = a7.fma(ba, c7a);
                c7b = a7.fma(bb, c7b);
                FloatVector a8 = FloatVector.broadcast(F, a[12 * k + 8]);
                c8a = a8.fma(ba, c8a);
                c8b = a8.fma(bb, c8b);
                FloatVector a9 = FloatVector.broadcast(F, a[12 * k + 9]);
                c9a = a9.fma(ba, c9a);
                c9b = a9.fma(bb, c9b);
                FloatVector a10 = FloatVector.broadcast(F, a[12 * k + 10]);
                c10a = a10.fma(ba, c10a);
                c10b = a10.fma(bb, c10b);
                FloatVector a11 = FloatVector.broadcast(F, a[12 * k + 11]);
                c11a = a11.fma(ba, c11a);
                c11b = a11.fma(bb, c11b);
            }
        }
        return c0a.add(c0b)
                .add(c1a)
                .add(c1b)
                .add(c2a)
                .add(c2b)
                .add(c3a)
                .add(c3b)
                .add(c4a)
                .add(c4b)
                .add(c5a)
                .add(c5b)
                .add(c6a)
                .add(c6b)
                .add(c7a)
                .add(c7b)
                .add(c8a)
                .add(c8b)
                .add(c9a)
                .add(c9b)
                .add(c10a)
                .add(c10b)
                .add(c11a)
                .add(c11b)
                .reduceLanes(VectorOperators.ADD);
    }

    private static float tile6x4(float[] a, float[] b, int times) {
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c0c = FloatVector.zero(F);
        FloatVector c0d = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c1c = FloatVector.zero(F);
        FloatVector c1d = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c2c = FloatVector.zero(F);
        FloatVector c2d = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        FloatVector c3c = FloatVector.zero(F);
        FloatVector c3d = FloatVector.zero(F);
        FloatVector c4a = FloatVector.zero(F);
        FloatVector c4b = FloatVector.zero(F);
        FloatVector c4c = FloatVector.zero(F);
        FloatVector c4d = FloatVector.zero(F);
        FloatVector c5a = FloatVector.zero(F);
        FloatVector c5b = FloatVector.zero(F);
        FloatVector c5c = FloatVector.zero(F);
        FloatVector c5d = FloatVector.zero(F);
        for (int t = 0; t < times; t++) {
            for (int k = 0; k < DEPTH; k++) {
                FloatVector ba = FloatVector.fromArray(F, b, (4 * k + 0) * LANES);
                FloatVector bb = FloatVector.fromArray(F, b, (4 * k + 1) * LANES);
                FloatVector bc = FloatVector.fromArray(F, b, (4 * k + 2) * LANES);
                FloatVector bd = FloatVector.fromArray(F, b, (4 * k + 3) * LANES);
                FloatVector a0 = FloatVector.broadcast(F, a[6 * k + 0]);
                c0a = a0.fma(ba, c0a);
                c0b = a0.fma(bb, c0b);
                c0c = a0.fma(bc, c0c);
                c0d = a0.fma(bd, c0d);
                FloatVector a1 = FloatVector.broadcast(F, a[6 * k + 1]);
                c1a = a1.fma(ba, c1a);
                c1b = a1.fma(bb, c1b);
                c1c = a1.fma(bc, c1c);
                c1d = a1.fma(bd, c1d);
                FloatVector a2 = FloatVector.broadcast(F, a[6 * k + 2]);
                c2a = a2.fma(ba, c2a);
                c2b = a2.fma(bb, c2b);
                c2c = a2.fma(bc, c2c);
                c2d = a2.fma(bd, c2d);
                FloatVector a3 = FloatVector.broadcast(F, a[6 * k + 3]);
                c3a = a3.fma(ba, c3a);
                c3b = a3.fma(bb, c3b);
                c3c = a3.fma(bc, c3c);
                c3d = a3.fma(bd, c3d);
                FloatVector a4 = FloatVector.broadcast(F, a[6 * k + 4]);
                c4a = a4.fma(ba, c4a);
                c4b = a4.fma(bb, c4b);
                c4c = a4.fma(bc, c4c);
                c4d = a4.fma(bd, c4d);
                FloatVector a5 = FloatVector.broadcast(F, a[6 * k + 5]);
                c5a = a5.fma(ba, c5a);
                c5b = a5.fma(bb, c5b);
                c5c = a5.fma(bc, c5c);
                c5d = a5.fma(bd, c5d);
            }
        }
        return c0a.add(c0b)
                .add(c0c)
                .add(c0d)
                .add(c1a)
                .add(c1b)
                .add(c1c)
                .add(c1d)
                .add(c2a)
                .add(c2b)
                .add(c2c)
                .add(c2d)
                .add(c3a)
                .add(c3b)
                .add(c3c)
                .add(c3d)
                .add(c4a)
                .add(c4b)
                .add(c4c)
                .add(c4d)
                .add(c5a)
                .add(c5b)
                .add(c5c)
                .add(c5d)
                .reduceLanes(VectorOperators.ADD);
    }

    private static float tile6x2(float[] a, float[] b, int times) {
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        FloatVector c4a = FloatVector.zero(F);
        FloatVector c4b = FloatVector.zero(F);
        FloatVector c5a = FloatVector.zero(F);
        FloatVector c5b = FloatVector.zero(F);
        for (int t = 0; t < times; t++) {
            for (int k = 0; k < DEPTH; k++) {
                FloatVector ba = FloatVector.fromArray(F, b, (2 * k + 0) * LANES);
                FloatVector bb = FloatVector.fromArray(F, b, (2 * k + 1) * LANES);
                FloatVector a0 = FloatVector.broadcast(F, a[6 * k + 0]);
                c0a = a0.fma(ba, c0a);
                c0b = a0.fma(bb, c0b);
                FloatVector a1 = FloatVector.broadcast(F, a[6 * k + 1]);
                c1a = a1.fma(ba, c1a);
                c1b = a1.fma(bb, c1b);
                FloatVector a2 = FloatVector.broadcast(F, a[6 * k + 2]);
                c2a = a2.fma(ba, c2a);
                c2b = a2.fma(bb, c2b);
                FloatVector a3 = FloatVector.broadcast(F, a[6 * k + 3]);
                c3a = a3.fma(ba, c3a);
                c3b = a3.fma(bb, c3b);
                FloatVector a4 = FloatVector.broadcast(F, a[6 * k + 4]);
                c4a = a4.fma(ba, c4a);
                c4b = a4.fma(bb, c4b);
                FloatVector a5 = FloatVector.broadcast(F, a[6 * k + 5]);
                c5a = a5.fma(ba, c5a);
                c5b = a5.fma(bb, c5b);
            }
        }
        return c0a.add(c0b)
                .add(c1a)
                .add(c1b)
                .add(c2a)
                .add(c2b)
                .add(c3a)
                .add(c3b)
                .add(c4a)
                .add(c4b)
                .add(c5a)
                .add(c5b)
                .reduceLanes(VectorOperators.ADD);
    }

    private static float tile4x2(float[] a, float[] b, int times) {
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        for (int t = 0; t < times; t++) {
            for (int k = 0; k < DEPTH; k++) {
                FloatVector ba = FloatVector.fromArray(F, b, (2 * k + 0) * LANES);
                FloatVector bb = FloatVector.fromArray(F, b, (2 * k + 1) * LANES);
                FloatVector a0 = FloatVector.broadcast(F, a[4 * k + 0]);
                c0a = a0.fma(ba, c0a);
                c0b = a0.fma(bb, c0b);
                FloatVector a1 = FloatVector.broadcast(F, a[4 * k + 1]);
                c1a = a1.fma(ba, c1a);
                c1b = a1.fma(bb, c1b);
                FloatVector a2 = FloatVector.broadcast(F, a[4 * k + 2]);
                c2a = a2.fma(ba, c2a);
                c2b = a2.fma(bb, c2b);
                FloatVector a3 = FloatVector.broadcast(F, a[4 * k + 3]);
                c3a = a3.fma(ba, c3a);
                c3b = a3.fma(bb, c3b);
            }
        }
        return c0a.add(c0b)
                .add(c1a)
                .add(c1b)
                .add(c2a)
                .add(c2b)
                .add(c3a)
                .add(c3b)
                .reduceLanes(VectorOperators.ADD);
    }
}
