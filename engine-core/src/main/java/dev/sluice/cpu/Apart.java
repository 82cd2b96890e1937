package dev.sluice.cpu;

/**
 * Arrays that one worker writes. Behind their values is room that nobody writes: so no cache line, nor the pair of lines that is
 * fetched together, holds values of two workers, wherever the collector moves them. For the same reason workers keep no
 * references in objects while they work: the store marks a card, in one cache line with the cards of 32 KB of heap.
 */
final class Apart {
    private static final int BYTES = 128;

    private Apart() {}

    static float[] floats(int values) {
        return new float[values + BYTES / Float.BYTES];
    }

    static int[] ints(int values) {
        return new int[values + BYTES / Integer.BYTES];
    }

    static short[] shorts(int values) {
        return new short[values + BYTES / Short.BYTES];
    }
}
