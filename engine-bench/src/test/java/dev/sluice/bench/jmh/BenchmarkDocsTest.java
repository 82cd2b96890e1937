package dev.sluice.bench.jmh;

import dev.sluice.GeneratedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README's tables of kernels and the pictures beside the measurements are what the measurements give. */
class BenchmarkDocsTest {
    private static final Path ROOT = Path.of("..");
    private static final String FOLDER = "measurements/kernels";

    @Test
    void kernels() throws IOException {
        List<String> parts = new ArrayList<>();
        for (Path file : files()) {
            Report report = Report.read(file);
            Path picture = Report.picture(file);
            GeneratedFile.check(picture, Roofline.of(report));
            parts.add(ResultTable.of(report) + Text.of("\n![Roofline](%s/%s)\n", FOLDER, picture.getFileName()));
        }
        GeneratedFile.checkBlock(ROOT.resolve("README.md"), "kernels", String.join("\n", parts));
    }

    /** One for each processor; none before somebody has measured. */
    private static List<Path> files() throws IOException {
        Path folder = ROOT.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }
}
