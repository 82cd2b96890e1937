package dev.sluice.gguf;

/**
 * A file is not a GGUF file, is damaged, or lacks something that was asked of it. The message names the file, the place
 * (section and offset, key or tensor), what is wrong and what would be right.
 */
public final class GgufException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_QUOTE = 100;
    private static final int LONGEST_MESSAGE = 1000;

    /**
     * An error about a file. What the message quotes from it may be anything: it becomes one line, and loses its middle where it
     * is long.
     *
     * @param message the file, the place, what is wrong, what would be right
     */
    public GgufException(String message) {
        super(oneLine(message));
    }

    static String oneLine(String message) {
        String line = message.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "\uFFFD");
        int half = LONGEST_MESSAGE / 2;
        return line.length() <= LONGEST_MESSAGE
                ? line
                : line.substring(0, half) + " ... " + line.substring(line.length() - half);
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
