package dev.sluice.app;

import java.io.PrintWriter;
import org.jline.terminal.spi.SystemStream;

/**
 * One line on standard error that says what is being done and is replaced in place; nothing where nobody would see it.
 *
 * @param visible whether {@code err} is a terminal with a cursor to move
 */
record StatusLine(PrintWriter err, boolean visible) {
    private static final String CLEAR = "\r\u001b[K";

    static StatusLine of(PrintWriter err) {
        return new StatusLine(err, !Terminal.isDumb() && Terminal.isTerminal(SystemStream.Error));
    }

    void show(String text) {
        if (visible) {
            err.print(CLEAR + text);
            err.flush();
        }
    }

    void clear() {
        show("");
    }
}
