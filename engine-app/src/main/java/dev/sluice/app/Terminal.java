package dev.sluice.app;

import dev.sluice.app.chat.Output;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * The program's input and outputs, UTF-8 in every locale.
 *
 * @param interactive whether {@code in} and {@code out} are a terminal
 * @param screen whether {@code out} is a terminal
 * @param colours whether escape sequences may be written to {@code out}
 */
record Terminal(
        InputStream in, PrintWriter out, PrintWriter err, boolean interactive, boolean screen, boolean colours) {
    static Terminal system() {
        boolean interactive = System.console() != null && System.console().isTerminal();
        boolean screen = interactive || isTerminal(SystemStream.Output);
        boolean colours = screen && System.getenv("NO_COLOR") == null && !isDumb();
        return new Terminal(
                System.in, writer(FileDescriptor.out), writer(FileDescriptor.err), interactive, screen, colours);
    }

    /** No terminal at all. */
    static Terminal pipes(InputStream in, PrintWriter out, PrintWriter err) {
        return new Terminal(in, out, err, false, false, false);
    }

    /** Whether a stream of the process is a terminal: the JVM can tell only of input and output together. */
    static boolean isTerminal(SystemStream stream) {
        return new ExecTerminalProvider().isPosixSystemStream(stream);
    }

    /** Whether the terminal has no cursor to move. */
    static boolean isDumb() {
        return "dumb".equals(System.getenv("TERM"));
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** For replies: reasoning goes to the screen too, else to standard error, beside the answer. */
    Output output() {
        return new Output(out, screen ? out : err, screen, colours);
    }

    /**
     * All of the input.
     *
     * @throws IllegalArgumentException if it is not UTF-8; the message has the byte offset
     */
    String readAll() throws IOException {
        return decode(in.readAllBytes(), "standard input");
    }

    /**
     * All of a file.
     *
     * @throws IOException if it cannot be read; the message names it and says why
     * @throws IllegalArgumentException if it is not UTF-8; the message has the byte offset
     */
    static String readFile(String file) throws IOException {
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            throw new IOException(file + ": no such file");
        }
        if (Files.isDirectory(path)) {
            throw new IOException(file + ": a directory, expected a text file");
        }
        return decode(Files.readAllBytes(path), file);
    }

    /** Bytes as UTF-8 text, taken whole: no byte order mark is removed, no line ending changed. */
    static String decode(byte[] bytes, String source) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(from, to, true);
        if (result.isError()) {
            throw new IllegalArgumentException(
                    source + ": invalid UTF-8 at byte offset " + from.position() + "; expected UTF-8 text");
        }
        return to.flip().toString();
    }
}
