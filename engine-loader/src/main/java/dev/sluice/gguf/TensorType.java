package dev.sluice.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every tensor type of the GGUF format, with the size of its blocks. That a type is listed here says only that its
 * bytes can be counted; which types can be computed is the engine's business.
 *
 * <p>The identifiers and sizes are those of ggml's type table; the numbers missing between them are retired.
 */
public enum TensorType {
    /** IEEE float of 32 bits. */
    F32(0, 1, 4),
    /** IEEE float of 16 bits. */
    F16(1, 1, 2),
    /** 4 bits, one F16 scale a block. */
    Q4_0(2, 32, 18),
    /** 4 bits, an F16 scale and minimum a block. */
    Q4_1(3, 32, 20),
    /** 5 bits, one F16 scale a block. */
    Q5_0(6, 32, 22),
    /** 5 bits, an F16 scale and minimum a block. */
    Q5_1(7, 32, 24),
    /** 8 bits, one F16 scale a block. */
    Q8_0(8, 32, 34),
    /** 8 bits, an F16 scale and sum a block: for activations, not in model files. */
    Q8_1(9, 32, 36),
    /** 2 bits, sub-blocks of 16 with 4-bit scales and minima. */
    Q2_K(10, 256, 84),
    /** 3 bits, sub-blocks of 16 with 6-bit scales. */
    Q3_K(11, 256, 110),
    /** 4 bits, sub-blocks of 32 with 6-bit scales and minima. */
    Q4_K(12, 256, 144),
    /** 5 bits, sub-blocks of 32 with 6-bit scales and minima. */
    Q5_K(13, 256, 176),
    /** 6 bits, sub-blocks of 16 with 8-bit scales. */
    Q6_K(14, 256, 210),
    /** 8 bits, one F32 scale and sums of 16 a block: for activations, not in model files. */
    Q8_K(15, 256, 292),
    /** 2.06 bits, 8 values at a time from a codebook. */
    IQ2_XXS(16, 256, 66),
    /** 2.31 bits, 8 values at a time from a codebook. */
    IQ2_XS(17, 256, 74),
    /** 3.06 bits, 4 values at a time from a codebook. */
    IQ3_XXS(18, 256, 98),
    /** 1.56 bits, 8 values at a time from a codebook. */
    IQ1_S(19, 256, 50),
    /** 4 bits that index 16 unevenly spaced values, one F16 scale a block. */
    IQ4_NL(20, 32, 18),
    /** 3.44 bits, 4 values at a time from a codebook. */
    IQ3_S(21, 256, 110),
    /** 2.56 bits, 8 values at a time from a codebook. */
    IQ2_S(22, 256, 82),
    /** As {@link #IQ4_NL}, sub-blocks of 32 with 6-bit scales. */
    IQ4_XS(23, 256, 136),
    /** Signed integer of 8 bits. */
    I8(24, 1, 1),
    /** Signed integer of 16 bits. */
    I16(25, 1, 2),
    /** Signed integer of 32 bits. */
    I32(26, 1, 4),
    /** Signed integer of 64 bits. */
    I64(27, 1, 8),
    /** IEEE float of 64 bits. */
    F64(28, 1, 8),
    /** 1.75 bits, 8 values at a time from a codebook. */
    IQ1_M(29, 256, 56),
    /** The upper half of an IEEE float of 32 bits. */
    BF16(30, 1, 2),
    /** -1, 0 and 1, five to a byte, one F16 scale a block. */
    TQ1_0(34, 256, 54),
    /** -1, 0 and 1, four to a byte, one F16 scale a block. */
    TQ2_0(35, 256, 66),
    /** 4-bit floats (E2M1), one scale a block that is a power of two (OCP MX). */
    MXFP4(39, 32, 17),
    /** 4-bit floats (E2M1), sub-blocks of 16 with 8-bit float scales (UE4M3). */
    NVFP4(40, 64, 36),
    /** 1 bit, one F16 scale a block. */
    Q1_0(41, 128, 18),
    /** 2 bits, one F16 scale a block. */
    Q2_0(42, 64, 18);

    private static final List<Integer> RETIRED = List.of(4, 5, 31, 32, 33, 36, 37, 38);

    private final int id;
    private final int blockLength;
    private final int blockBytes;

    TensorType(int id, int blockLength, int blockBytes) {
        this.id = id;
        this.blockLength = blockLength;
        this.blockBytes = blockBytes;
    }

    /** {@return the number that stands for this type in a file} */
    public int id() {
        return id;
    }

    /** {@return elements in one block; 1 for the unquantized types} */
    public int blockLength() {
        return blockLength;
    }

    /** {@return bytes of one block} */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * {@return bytes of {@code elements} consecutive elements}
     *
     * @param elements a multiple of {@link #blockLength()}
     * @throws IllegalArgumentException if it is not a multiple
     * @throws ArithmeticException if the size does not fit in 63 bits
     */
    public long bytes(long elements) {
        if (elements < 0 || elements % blockLength != 0) {
            throw new IllegalArgumentException(
                    elements + " elements of type " + this + ": not a multiple of its block of " + blockLength);
        }
        return Math.multiplyExact(elements / blockLength, (long) blockBytes);
    }

    /**
     * {@return the type with this identifier, or empty where the identifier is unknown or retired}
     *
     * @param id any number
     */
    public static Optional<TensorType> ofId(int id) {
        return Arrays.stream(values()).filter(t -> t.id == id).findFirst();
    }

    /**
     * {@return whether {@code id} stood for a type that ggml has withdrawn}
     *
     * @param id any number
     */
    public static boolean isRetired(int id) {
        return RETIRED.contains(id);
    }
}
