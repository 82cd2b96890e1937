package dev.sluice.gguf;

import static dev.sluice.gguf.GgufException.quote;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;

/**
 * One file as it goes to the disk.
 *
 * @param values type and value of each key, encoded
 * @param alignment bytes whose multiples tensors start at
 */
record GgufOutput(Map<String, byte[]> values, Collection<Entry> tensors, int alignment) {
    record Entry(String name, TensorType type, long[] shape, long bytes, GgufWriter.Data data) {}

    private static final int VERSION = 3;

    /** It appears under its name only when it is complete; a file of that name is replaced then. */
    void write(Path path) throws IOException {
        Path temporary = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime() + ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                writeTo(out);
            }
            try {
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    void writeTo(OutputStream target) throws IOException {
        LittleEndian infos = new LittleEndian();
        long offset = 0;
        for (Entry tensor : tensors) {
            infos.putString(tensor.name);
            infos.putInt(tensor.shape.length);
            for (long size : tensor.shape) {
                infos.putLong(size);
            }
            infos.putInt(tensor.type.id());
            infos.putLong(offset);
            offset += align(tensor.bytes);
        }
        LittleEndian head = new LittleEndian();
        head.writeBytes(new byte[] {'G', 'G', 'U', 'F'});
        head.putInt(VERSION);
        head.putLong(tensors.size());
        head.putLong(values.size());
        values.forEach((key, value) -> {
            head.putString(key);
            head.writeBytes(value);
        });
        head.writeBytes(infos.toByteArray());
        head.writeBytes(new byte[(int) (align(head.size()) - head.size())]);
        head.writeTo(target);
        for (Entry tensor : tensors) {
            Counted out = new Counted(target, tensor);
            tensor.data.writeTo(out);
            out.finish();
            target.write(new byte[(int) (align(tensor.bytes) - tensor.bytes)]);
        }
    }

    private long align(long size) {
        return Math.ceilDiv(size, alignment) * alignment;
    }

    /** Holds the data of a tensor to its size, so that one mistaken supplier cannot shift all that follows. */
    private static final class Counted extends FilterOutputStream {
        private final Entry tensor;
        private long written;

        Counted(OutputStream out, Entry tensor) {
            super(new BufferedOutputStream(out, 1 << 16));
            this.tensor = tensor;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            written += length;
            if (written > tensor.bytes) {
                throw wrongSize(" or more");
            }
            out.write(b, offset, length);
        }

        /** A supplier may close its stream; the file stays open. */
        @Override
        public void close() throws IOException {
            flush();
        }

        void finish() throws IOException {
            flush();
            if (written != tensor.bytes) {
                throw wrongSize("");
            }
        }

        private IllegalStateException wrongSize(String more) {
            return new IllegalStateException("tensor " + quote(tensor.name) + ": the supplier wrote " + written + more
                    + " bytes, expected " + tensor.bytes);
        }
    }
}
