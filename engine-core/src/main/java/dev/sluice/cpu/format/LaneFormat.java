package dev.sluice.cpu.format;

/**
 * A format that the vector code reads. It sees a group of {@link Lanes#GROUP} rows side by side: the lanes of a vector are
 * rows, so that scales are vectors too and no sum crosses lanes. With {@code GROUP} written {@code G}, word {@code i} of block
 * {@code b} of row {@code r} is {@code words[at + (b * layout().words() + i) * G + r]}, and short {@code i} of its head
 * {@code heads[headAt + (b * layout().heads() + i) * G + r]}. A call takes at most 256 columns, whole blocks of the format.
 *
 * <p>Values have the bits of {@link Format#decodeRow}, and a product is four chains of fused multiply-adds that start at
 * zero, column {@code k} in chain {@code k % 4}, which are added to the sum so far one after the other: {@code decodePanel} with any matrix
 * code of that order, {@code dot}, and scalar code all give the same bits, at any width. All this holds for finite weights;
 * others stay infinite or become NaN. Four chains
 * in two vectors hide the latency of the multiply-adds, and are nearer to the exact sum than one. A mask in place of a shift leaves
 * a value {@code 2^8} times too large, which a scale of {@code 2^-8} mends exactly.
 */
public interface LaneFormat extends Format {
    /** {@return how a block splits into words and a head} */
    default Layout layout() {
        return Layout.of(type());
    }

    /**
     * Arranges the words of a block so that each holds the columns that follow each other, and each is read once, on the way
     * forward: memory is read ahead only for who goes forward evenly. Called if the layout says so.
     *
     * @param file the words as they are in the file
     * @param words receives {@code layout().words()} words
     */
    default void arrange(int[] file, int[] words) {
        throw new UnsupportedOperationException(type() + " stays as it is in the file");
    }

    /**
     * Unpacks what the values of a group are multiplied by, for {@link #decodePanel} and {@link #dot} of the same columns. It stands
     * apart because the compiler gives up on methods with many vector operations: what it does not inline allocates. For the same
     * reason the two call the JDK's vector methods, which are inlined whatever the size, and no helpers of our own (but for
     * {@link Levels}). Whole loops are shared where arranged words and factors are alike.
     *
     * @param words words of the group
     * @param at index of the first
     * @param heads heads of the group
     * @param headAt index of the first
     * @param columns whole blocks, at most 256
     * @param factors receives them, in an order of the format's own; at most {@code columns} times {@code GROUP}
     */
    default void unpack(int[] words, int at, short[] heads, int headAt, int columns, float[] factors) {}

    /**
     * Decodes columns of a group.
     *
     * @param words words of the group
     * @param at index of the first
     * @param factors what {@link #unpack} wrote
     * @param columns whole blocks, at most 256
     * @param out receives {@code [4 chains][columns of a chain][GROUP]}: column {@code k} of row {@code r} at
     *     {@code outAt + (k % 4 * ceil(columns / 4) + k / 4) * GROUP + r}
     * @param outAt index in {@code out} of the first value
     */
    void decodePanel(int[] words, int at, float[] factors, int columns, float[] out, int outAt);

    /**
     * Adds the products of one vector with columns of a group:
     * {@code out[outAt + r] += sum over k of w(r, k) * x[xAt + k]}.
     *
     * @param words words of the group
     * @param at index of the first
     * @param factors what {@link #unpack} wrote
     * @param columns whole blocks, a multiple of 4, at most 256
     * @param x the vector
     * @param xAt index of its first element
     * @param out one sum for each row of the group
     * @param outAt index of the first
     */
    void dot(int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] out, int outAt);

    /**
     * {@return the most rows that are multiplied while they are decoded: 1, 4 where there is {@link #dotFour}, 8 where there is
     * {@link #dotEight} too; more rows, and all that are left over, take a panel}
     */
    default int mostRows() {
        return 1;
    }

    /**
     * The products of four packed rows with columns of a group, decoded in registers: for few rows, storing a panel and loading it
     * would take longer than multiplying it. Chain by chain, as there are not registers for the sums of all.
     *
     * @param words words of the group
     * @param at index of the first
     * @param factors what {@link #unpack} wrote
     * @param columns whole blocks, a multiple of 4, at most 256
     * @param x {@code [4 chains][columns / 4][4 rows]}
     * @param xAt index of its first element
     * @param sums {@code [4 rows][GROUP]}, to which the chains are added
     * @param sumsAt index of the first
     */
    default void dotFour(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        throw new UnsupportedOperationException(type() + " has no product of four rows");
    }

    /**
     * The same for eight rows, decoded once for all of them.
     *
     * @param words words of the group
     * @param at index of the first
     * @param factors what {@link #unpack} wrote
     * @param columns whole blocks, a multiple of 4, at most 256
     * @param x {@code [2 tiles][4 chains][columns / 4][4 rows]}
     * @param xAt index of its first element
     * @param sums {@code [8 rows][GROUP]}, to which the chains are added
     * @param sumsAt index of the first
     */
    default void dotEight(
            int[] words, int at, float[] factors, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        throw new UnsupportedOperationException(type() + " has no product of eight rows");
    }
}
