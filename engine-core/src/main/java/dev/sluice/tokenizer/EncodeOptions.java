package dev.sluice.tokenizer;

/**
 * How text becomes tokens.
 *
 * @param parseSpecial control tokens written out in the text become those tokens; leave it off for text of others.
 *     User-defined tokens (such as {@code <think>}) are always parsed, as llama.cpp and Hugging Face do
 * @param nfc normalise to Unicode NFC first, as Hugging Face does and llama.cpp does not
 */
public record EncodeOptions(boolean parseSpecial, boolean nfc) {
    /** {@return control tokens as plain text, NFC} */
    public static EncodeOptions plain() {
        return new EncodeOptions(false, true);
    }

    /** {@return control tokens parsed, NFC: for rendered templates} */
    public static EncodeOptions withSpecial() {
        return new EncodeOptions(true, true);
    }

    /**
     * {@return these options with or without normalisation}
     *
     * @param nfc true to normalise
     */
    public EncodeOptions withNfc(boolean nfc) {
        return new EncodeOptions(parseSpecial, nfc);
    }
}
