package dev.sluice.cpu.format;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors of this machine and the few steps that formats share. The helpers are small enough to be inlined wherever
 * they are called; a vector that leaves an inlined method costs an allocation.
 */
public final class Lanes {
    /** The widest vectors of floats. */
    public static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

    /** Integers in as many lanes as {@link #F}. */
    public static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    /** Shorts that widen to {@link #I}. */
    public static final VectorSpecies<Short> S =
            VectorSpecies.of(short.class, VectorShape.forBitSize(I.vectorBitSize() / 2));

    /** Values of a vector. */
    public static final int LANES = F.length();

    /** Rows of a group: two vectors, so that two sums run side by side and hide the latency of each. */
    public static final int GROUP = 2 * LANES;

    private Lanes() {}

    static IntVector ints(short[] heads, int at) {
        return (IntVector) ShortVector.fromArray(S, heads, at).convertShape(VectorOperators.S2I, I, 0);
    }

    /** The values of halves. A loop that the compiler turns into vectors, with an instruction that the Vector API lacks. */
    static void halves(short[] in, int at, int count, float[] out, int outAt) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = Float.float16ToFloat(in[at + i]);
        }
    }

    /** The values of the halves in the low 16 bits; the high bits may hold anything. */
    static FloatVector half(IntVector v) {
        // Moved into place, a half is the float 2^112 times too small; what then is 2^16 or more was infinite or NaN.
        IntVector moved = v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(0x8fffe000);
        FloatVector value = moved.reinterpretAsFloats().mul(0x1p112f);
        return value.blend(
                moved.or(0x7f800000).reinterpretAsFloats(), value.abs().compare(VectorOperators.GE, 0x1p16f));
    }
}
