package dev.sluice.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Token ids to text as they come. A character is given out when its last byte has come; bytes that cannot become one turn
 * into U+FFFD at once. Confined to one thread.
 */
public final class Detokenizer {
    private final Tokenizer tokenizer;
    private final boolean special;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    /** Bytes of an unfinished character, at most three; ready for reading. */
    private ByteBuffer pending = ByteBuffer.allocate(0);

    Detokenizer(Tokenizer tokenizer, boolean special) {
        this.tokenizer = tokenizer;
        this.special = special;
    }

    /**
     * {@return the characters that this token completes; may be empty}
     *
     * @param id an id of the vocabulary
     */
    public String accept(int id) {
        if (!special && tokenizer.isControl(id)) {
            return "";
        }
        return decode(tokenizer.bytes(id), false);
    }

    /** {@return what is left at the end: U+FFFD for an unfinished character} Afterwards the detokenizer starts anew. */
    public String flush() {
        String rest = decode(new byte[0], true);
        decoder.reset();
        pending = ByteBuffer.allocate(0);
        return rest;
    }

    private String decode(byte[] more, boolean end) {
        ByteBuffer in = ByteBuffer.allocate(pending.remaining() + more.length)
                .put(pending)
                .put(more)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, out, end);
        if (end) {
            decoder.flush(out);
        }
        pending = in;
        return out.flip().toString();
    }
}
