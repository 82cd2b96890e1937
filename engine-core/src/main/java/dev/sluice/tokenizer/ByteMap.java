package dev.sluice.tokenizer;

import java.util.Arrays;

/**
 * The byte-level alphabet of GPT-2: every byte as one printable character. Bytes that are printable in Latin-1 stand for
 * themselves; the other 68 take the characters from U+0100 on, in order.
 */
final class ByteMap {
    private static final char[] TO_CHAR = new char[256];
    private static final short[] TO_BYTE = new short[0x144];

    static {
        Arrays.fill(TO_BYTE, (short) -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            TO_CHAR[b] = (char) (printable ? b : next++);
            TO_BYTE[TO_CHAR[b]] = (short) b;
        }
    }

    private ByteMap() {}

    static char toChar(int unsignedByte) {
        return TO_CHAR[unsignedByte];
    }

    /** The byte (0 to 255) of a character, or -1 if it stands for none. */
    static int toByte(char c) {
        return c < TO_BYTE.length ? TO_BYTE[c] : -1;
    }
}
