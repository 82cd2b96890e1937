package dev.sluice.app.chat;

import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.impl.exec.ExecPty;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * The terminal of the process, asked and set by {@code stty}. Ctrl-C reaches every process of the terminal, a running
 * {@code stty} too: what it was to do is done again.
 */
final class SttyTerminal extends ExecPty {
    private static final int ATTEMPTS = 20;

    SttyTerminal() {
        super(new ExecTerminalProvider(), SystemStream.Output, "terminal");
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    @Override
    protected String doGetConfig() throws IOException {
        return repeat(super::doGetConfig);
    }

    @Override
    protected void doSetAttr(Attributes attributes) throws IOException {
        repeat(() -> {
            super.doSetAttr(attributes);
            return null;
        });
    }

    private static <T> T repeat(Action<T> action) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.run();
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException("the terminal cannot be set up by stty; TERM=dumb does without", e);
                }
            }
        }
    }
}
