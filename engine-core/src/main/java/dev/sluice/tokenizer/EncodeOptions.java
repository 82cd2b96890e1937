package dev.sluice.tokenizer;

/**
 * How text becomes tokens.
 *
 * @param parseSpecial control tokens written out in the text become those tokens; leave it off for text of others.
 *     User-defined tokens (such as {@code <think>}) are always parsed, as llama.cpp and Hugging Face do
 * @param nfc normalise to Unicode NFC first, as Hugging Face does and llama.cpp does not
 */
public record EncodeOptions(boolean parseSpecial, boolean nfc) {
    /** Control tokens as plain text, NFC. */
    public static EncodeOptions plain() {
        return new EncodeOptions(false, true);
    }

    /** Control tokens parsed, NFC: for rendered templates. */
    public static EncodeOptions withSpecial() {
        return new EncodeOptions(true, true);
    }

    public EncodeOptions withNfc(boolean nfc) {
        return new EncodeOptions(parseSpecial, nfc);
    }
}
