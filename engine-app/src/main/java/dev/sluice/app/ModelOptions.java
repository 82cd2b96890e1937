package dev.sluice.app;

import dev.sluice.LoadOptions;
import dev.sluice.Model;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model, on how many threads: the options that every command shares. */
@Section.Of(Section.MODEL)
final class ModelOptions {
    private static final String EMBEDDED = "sluice-tiny-dense-q8_0.gguf";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE",
            description = "GGUF file; of a split model, the first. Default: a tiny model inside the program.")
    Path file;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads. Default: one for each processor.")
    Integer threads;

    Model load() throws IOException {
        LoadOptions options = LoadOptions.defaults();
        if (threads != null) {
            options = options.withThreads(threads);
        }
        return file == null ? Model.load(embedded(), options) : Model.load(file, options);
    }

    /** Name for messages and listings. */
    String name() {
        return file == null ? "the embedded " + EMBEDDED : file.toString();
    }

    static MemorySegment embedded() throws IOException {
        try (InputStream in = ModelOptions.class.getResourceAsStream(EMBEDDED)) {
            if (in == null) {
                throw new IOException("this build carries no embedded model; name one with -m FILE");
            }
            byte[] bytes = in.readAllBytes();
            MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 64);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
            return memory.asReadOnly();
        }
    }
}
