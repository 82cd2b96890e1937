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

    /**
     * 32 columns, of which a file has the first sixteen in the low nibbles of four words and the others in the high ones: four
     * words, each with eight columns, four in the low nibbles and the next four in the high ones.
     */
    static void nibbles(int[] file, int at, int[] words, int to) {
        for (int i = 0; i < 4; i++) {
            words[to + i] = of(file, at + 2 * (i % 2), i / 2, 4);
        }
    }

    /** One bit for each of 32 columns, as bit {@code i} of each byte for the {@code i}th four. */
    static int bits(int bits) {
        int result = 0;
        for (int i = 0; i < 8; i++) {
            result |= ((bits >>> 4 * i & 15) * 0x00204081 & 0x01010101) << i;
        }
        return result;
    }
}
