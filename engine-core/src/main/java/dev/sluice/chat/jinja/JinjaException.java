package dev.sluice.chat.jinja;

/** A template is malformed, asks for what this interpreter does not know, goes wrong, or takes more than it may. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** From 1; 0 if the failure has no place. */
    private final int line;

    /** In UTF-16 units from 1; 0 if the failure has no place. */
    private final int column;

    /** A failure whose place is filled in by whoever knows it. */
    JinjaException(String message) {
        this(message, 0, 0);
    }

    private JinjaException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /** The same failure with its place, an offset into {@code source}; a place that is known already stays. */
    JinjaException at(String source, int offset) {
        if (line > 0) {
            return this;
        }
        int end = Math.min(offset, source.length());
        int lineStart = source.lastIndexOf('\n', end - 1) + 1;
        int lines = (int)
                source.substring(0, lineStart).chars().filter(c -> c == '\n').count();
        JinjaException placed = new JinjaException(getMessage(), lines + 1, end - lineStart + 1);
        placed.initCause(this);
        return placed;
    }

    /** {@return line of the template, from 1; 0 if unknown} */
    public int line() {
        return line;
    }

    /** {@return column of the template in UTF-16 units, from 1; 0 if unknown} */
    public int column() {
        return column;
    }
}
