package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * What one call of the program printed, run inside the test's JVM.
 *
 * @param called the arguments, for failures
 */
record Cli(String called, int status, String out, String err) {
    static Cli sluice(String... args) {
        return sluice(new byte[0], args);
    }

    static Cli sluice(byte[] input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = Terminal.pipes(new ByteArrayInputStream(input), writer(out), writer(err));
        int status = Program.run(terminal, args);
        terminal.out().flush();
        terminal.err().flush();
        return new Cli(
                String.join(" ", args),
                status,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /** A terminal for calls that print nothing. */
    static Terminal silent() {
        return Terminal.pipes(
                InputStream.nullInputStream(),
                writer(new ByteArrayOutputStream()),
                writer(new ByteArrayOutputStream()));
    }

    private static PrintWriter writer(ByteArrayOutputStream bytes) {
        return new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), true);
    }

    /** Asserts a refusal: status 2, nothing on standard output, one line with these words on standard error. */
    void refuses(String... words) {
        isOneLine();
        assertThat(status).as(called).isEqualTo(2);
        assertThat(err).as(called).contains(words);
    }

    /** Asserts what holds of any bad input: a refusal as above, or an answer without complaint. */
    void answersOrRefuses() {
        if (status == 0) {
            assertThat(err).as(called).isEmpty();
        } else {
            isOneLine();
            assertThat(status).as(called).isEqualTo(2);
        }
    }

    private void isOneLine() {
        assertThat(err).as(called).startsWith("sluice: ").endsWith("\n").doesNotContain("null");
        assertThat(err.lines()).as(called).hasSize(1);
        assertThat(err).as(called).doesNotContain("Exception", "Usage:", "\tat ");
        assertThat(out).as(called).isEmpty();
    }

    /** Asserts success and returns standard output. */
    String output() {
        assertThat(err).as(called).isEmpty();
        assertThat(status).as(called).isZero();
        return out;
    }
}
