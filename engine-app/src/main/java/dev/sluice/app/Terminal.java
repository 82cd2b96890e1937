package dev.sluice.app;

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

/**
 * The program's input and outputs, UTF-8 in every locale.
 *
 * @param colours whether escape sequences may be written to {@code out}
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, boolean colours) {
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    static Terminal system() {
        boolean colours = System.console() != null
                && System.console().isTerminal()
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(System.in, writer(FileDescriptor.out), writer(FileDescriptor.err), colours);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    String dim(String text) {
        return colours ? DIM + text + PLAIN : text;
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
