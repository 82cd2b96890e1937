package dev.sluice.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;

/** A terminal in memory: keys are typed into it, and what is written to it can be read. */
final class VirtualTerminal {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    final LineDisciplineTerminal terminal;

    VirtualTerminal(int columns) throws IOException {
        terminal = new LineDisciplineTerminal("test", "xterm", written, StandardCharsets.UTF_8);
        terminal.setSize(new Size(columns, 24));
    }

    /** Types keys at once; a reader that is started later finds them. */
    void type(String keys) throws IOException {
        terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
    }

    /** Types keys once the screen has been told this text so often: signals do not wait for a reader. */
    void typeAfter(String text, int times, String keys) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (screen().split(Pattern.quote(text), -1).length <= times) {
            assertThat(System.nanoTime() - start)
                    .as("waiting for %s in %s", text, screen())
                    .isLessThan(PATIENCE_NANOS);
            Thread.sleep(10);
        }
        type(keys);
    }

    String screen() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
