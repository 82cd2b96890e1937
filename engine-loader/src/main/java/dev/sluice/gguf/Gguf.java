package dev.sluice.gguf;

import static dev.sluice.gguf.GgufException.quote;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open GGUF file, or all files of a split one: its metadata and views of its tensors, over one mapping per file.
 *
 * <p>Opening reads the metadata only; the data of a tensor comes from the disk when it is touched. The files must not be
 * truncated or overwritten while they are open: touching a page that is gone throws {@link InternalError}. (Replacing a file
 * by moving another in its place is harmless.)
 *
 * <p>Safe to share between threads.
 */
public final class Gguf implements AutoCloseable {
    /** Versions of the format that can be read; all of them little-endian. */
    public static final List<Integer> VERSIONS = List.of(2, 3);

    /**
     * One of the files of a split model.
     *
     * @param name its path
     * @param bytes its size
     * @param tensors how many it has
     */
    public record Part(String name, long bytes, int tensors) {}

    private final GgufParser.Part first;
    private final List<Part> parts;
    private final Arena arena;
    private final List<Tensor> tensors;
    private final Map<String, Tensor> byName = new HashMap<>();
    private final long fileBytes;

    private Gguf(List<GgufParser.Part> parts, Arena arena) {
        this.first = parts.getFirst();
        this.arena = arena;
        this.parts = parts.stream()
                .map(p -> new Part(p.file(), p.bytes(), p.tensors().size()))
                .toList();
        this.tensors = parts.stream().flatMap(p -> p.tensors().stream()).toList();
        this.fileBytes = parts.stream().mapToLong(GgufParser.Part::bytes).sum();
        for (GgufParser.Part part : parts) {
            for (Tensor tensor : part.tensors()) {
                if (byName.put(tensor.name(), tensor) != null) {
                    throw new GgufException(part.file() + ": tensor " + quote(tensor.name())
                            + " is a duplicate: an earlier part has it");
                }
            }
        }
    }

    /**
     * Opens a file. Of a split file the first part is to be given; the others are found beside it.
     *
     * @param path a file; of a split model, its first
     * @return the open file, to be closed by the caller
     * @throws IOException if a file is missing, cannot be read, or is not a regular file
     * @throws GgufException if it is not a GGUF file of version 2 or 3, is damaged, or a part is missing
     */
    public static Gguf open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try {
            Gguf gguf = new Gguf(SplitFiles.read(path, p -> parse(p, arena)), arena);
            opened = true;
            return gguf;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /**
     * Reads a whole file that is in memory. The segment stays the caller's: it must outlive the result, and {@link
     * #close()} leaves it alone.
     *
     * @param bytes the file from its first byte to its last
     * @return the file; closing it changes nothing
     * @throws GgufException if it is not a GGUF file of version 2 or 3, is damaged, or is one part of a split file
     */
    public static Gguf of(MemorySegment bytes) {
        GgufParser.Part part = GgufParser.parse("memory", bytes);
        int count = SplitFiles.count(part);
        if (count > 1) {
            throw new GgufException("memory: one of the " + count + " parts of a split file, expected a whole one");
        }
        return new Gguf(List.of(part), null);
    }

    private static GgufParser.Part parse(Path path, Arena arena) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": not a regular file");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            return GgufParser.parse(path.toString(), bytes);
        }
    }

    /** {@return the version of the format: 2 or 3} */
    public int version() {
        return first.version();
    }

    /** {@return the bytes whose multiples the tensors start at: a power of two, 32 unless the file says otherwise} */
    public int alignment() {
        return first.alignment();
    }

    /** {@return the path (of the first part), or "memory"; for messages} */
    public String name() {
        return first.file();
    }

    /** {@return the keys and values (of the first part, which is the one that has them)} */
    public GgufMetadata metadata() {
        return first.metadata();
    }

    /** {@return every tensor of all parts, in the order of the files} */
    public List<Tensor> tensors() {
        return tensors;
    }

    /**
     * {@return the tensor of this name; empty if there is none}
     *
     * @param name as in the file
     */
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * {@return the tensor of this name}
     *
     * @param name as in the file
     * @throws GgufException if there is none
     */
    public Tensor tensor(String name) {
        return find(name).orElseThrow(() -> new GgufException(name() + ": tensor " + quote(name) + " is missing"));
    }

    /** {@return the files, in order; one where the model is not split} */
    public List<Part> parts() {
        return parts;
    }

    /** {@return the size of all parts together} */
    public long fileBytes() {
        return fileBytes;
    }

    /**
     * Unmaps the files; nothing is done where they are in memory. Does nothing the second time.
     *
     * @throws IllegalStateException if another thread is in the middle of handing a tensor's data to native code
     */
    @Override
    public void close() {
        if (arena != null && arena.scope().isAlive()) {
            arena.close();
        }
    }
}
