package dev.sluice.app.chat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Lines of UTF-8 from a pipe, or from a terminal that can do no more. A line that ends in a backslash goes on in the next. */
public final class PlainInput implements Input {
    private final InputStream in;
    private final Runnable prompt;
    private int lines;
    private int first;

    /** @param prompt called before each line is read */
    public PlainInput(InputStream in, Runnable prompt) {
        this.in = in;
        this.prompt = prompt;
    }

    @Override
    public String read() throws IOException {
        StringBuilder text = new StringBuilder();
        first = lines + 1;
        String line;
        while ((line = line()) != null) {
            text.append(line);
            if (!line.endsWith("\\")) {
                return text.toString();
            }
            text.setCharAt(text.length() - 1, '\n');
        }
        return text.isEmpty() ? null : text.substring(0, text.length() - 1);
    }

    @Override
    public String place() {
        return "standard input, line " + first + ": ";
    }

    private String line() throws IOException {
        prompt.run();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0 && next != '\n') {
            bytes.write(next);
        }
        if (next < 0 && bytes.size() == 0) {
            return null;
        }
        lines++;
        String line = decode(bytes.toByteArray());
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "standard input, line " + lines + ": invalid UTF-8; expected UTF-8 text");
        }
    }
}
