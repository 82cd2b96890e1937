package dev.sluice.cpu.format;

/**
 * Columns that the words of a file keep apart, brought together. Files put the same bits of many columns into one word, which
 * then would be read again for each of them; arranged, words follow each other as the columns do, and each is read once.
 */
final class Planes {
    private Planes() {}

    /**
     * The bits {@code bits * plane} and on of each byte of some words, side by side: those of word {@code at + i} stand at
     * bit {@code bits * i} of each byte.
     *
     * @param bits 1, 2 or 4; so many are taken of each byte of {@code 8 / bits} words
     */
    static int of(int[] words, int at, int plane, int bits) {
        int mask = ((1 << bits) - 1) * 0x01010101;
        int result = 0;
        for (int i = 0; i < 8 / bits; i++) {
            result |= (words[at + i] >>> bits * plane & mask) << bits * i;
        }
        return result;
    }

    /** The four lowest bits, one in each byte. */
    static int spread(int bits) {
        return (bits & 15) * 0x00204081 & 0x01010101;
    }
}
