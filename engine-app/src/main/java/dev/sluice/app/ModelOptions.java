package dev.sluice.app;

import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.Repack;
import dev.sluice.gguf.Gguf;
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
            description = "Threads. Default: one for each physical core.")
    Integer threads;

    @Option(
            names = "--repack",
            paramLabel = "auto|on|off",
            defaultValue = "auto",
            converter = RepackConverter.class,
            description =
                    "Copy weights into the layout of the vector code. Default: auto, as far as the heap has room.")
    Repack repack;

    /** The file alone, to be closed by the caller. */
    Gguf open() throws IOException {
        return file == null ? Gguf.of(embedded()) : Gguf.open(file);
    }

    LoadOptions toOptions() {
        LoadOptions options = LoadOptions.defaults().withRepack(repack);
        return threads == null ? options : options.withThreads(threads);
    }

    Model load() throws IOException {
        try (LoadBar bar = LoadBar.onStandardError()) {
            LoadOptions options = toOptions().withProgress(bar);
            return file == null ? Model.load(embedded(), options) : Model.load(file, options);
        }
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
