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
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18),
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

    /** The number that stands for this type in a file. */
    public int id() {
        return id;
    }

    /** Elements in one block; 1 for the unquantized types. */
    public int blockLength() {
        return blockLength;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes of {@code elements} consecutive elements.
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

    /** The type with this identifier, or empty where the identifier is unknown or retired. */
    public static Optional<TensorType> ofId(int id) {
        return Arrays.stream(values()).filter(t -> t.id == id).findFirst();
    }

    /** Whether {@code id} stood for a type that ggml has withdrawn. */
    public static boolean isRetired(int id) {
        return RETIRED.contains(id);
    }
}
