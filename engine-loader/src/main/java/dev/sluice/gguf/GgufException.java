package dev.sluice.gguf;

/**
 * A file is not a GGUF file, is damaged, or lacks something that was asked of it. The message names the file, the place
 * (section and offset, key or tensor), what is wrong and what would be right.
 */
public final class GgufException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_QUOTE = 100;

    /**
     * An error about a file.
     *
     * @param message one line: the file, the place, what is wrong, what would be right
     */
    public GgufException(String message) {
        super(message);
    }

    /** A name from a file, made safe for a message: one line, of bounded length. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .limit(LONGEST_QUOTE)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return out.append(text.length() > LONGEST_QUOTE ? "\"..." : "\"").toString();
    }
}
