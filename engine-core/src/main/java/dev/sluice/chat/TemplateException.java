package dev.sluice.chat;

/**
 * A chat template could not be parsed or rendered: it is malformed, uses what is not supported, refuses the conversation
 * itself ({@code raise_exception}), or exceeds the limits on work and nesting. The message says what and where.
 */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** From 1; 0 if unknown. */
    private final int line;

    /** In UTF-16 units from 1; 0 if unknown. */
    private final int column;

    TemplateException(String message, int line, int column, Throwable cause) {
        super(message, cause);
        this.line = line;
        this.column = column;
    }

    /** {@return line of the template, from 1; 0 if the failure has no place} */
    public int line() {
        return line;
    }

    /** {@return column in that line, in UTF-16 units from 1; 0 if the failure has no place} */
    public int column() {
        return column;
    }
}
