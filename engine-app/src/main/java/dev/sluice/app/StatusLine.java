package dev.sluice.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line on standard error that says what is being done and is replaced in place; nothing where nobody would see it. */
final class StatusLine {
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean visible;

    StatusLine(PrintWriter err, boolean visible) {
        this.err = err;
        this.visible = visible;
    }

    static StatusLine of(Terminal terminal) {
        return new StatusLine(terminal.err(), errorIsTerminal() && !"dumb".equals(System.getenv("TERM")));
    }

    /** Java tells it of standard input and output only; on Linux the system says where standard error goes. */
    private static boolean errorIsTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
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
