package dev.sluice.app;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes a float32 array in NumPy's .npy format, version 1.0, row after row. */
final class NpyWriter implements Closeable {
    private final OutputStream out;

    NpyWriter(Path path, int... shape) throws IOException {
        out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
        String dimensions = Arrays.stream(shape).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + dimensions + "), }";
        int prefix = 10;
        int length = (prefix + header.length() + 1 + 63) / 64 * 64 - prefix; // the data starts at a multiple of 64
        ByteBuffer buffer = ByteBuffer.allocate(prefix + length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) length)
                .put(header.getBytes(StandardCharsets.US_ASCII));
        while (buffer.remaining() > 1) {
            buffer.put((byte) ' ');
        }
        buffer.put((byte) '\n');
        out.write(buffer.array());
    }

    void write(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        try {
            out.write(buffer.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
