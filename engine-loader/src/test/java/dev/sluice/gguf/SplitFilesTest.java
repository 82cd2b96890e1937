package dev.sluice.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitFilesTest {
    @TempDir
    private Path directory;

    private static GgufWriter model(int tensors) {
        GgufWriter writer = new GgufWriter().putString("general.architecture", "qwen35");
        for (int i = 0; i < tensors; i++) {
            writer.add("t" + i, new long[] {2}, i, -i);
        }
        return writer;
    }

    private static void refused(Path path, String... words) {
        assertThatThrownBy(() -> Gguf.open(path))
                .isInstanceOf(GgufException.class)
                .hasMessageContainingAll(words);
    }

    private static void assertComplete(Path path, int tensors, List<Path> parts) throws IOException {
        long bytes = 0;
        for (Path part : parts) {
            bytes += Files.size(part);
        }
        try (Gguf gguf = Gguf.open(path)) {
            assertThat(gguf.tensors())
                    .extracting(Tensor::name)
                    .containsExactlyElementsOf(
                            IntStream.range(0, tensors).mapToObj(i -> "t" + i).toList());
            for (int i = 0; i < tensors; i++) {
                assertThat(gguf.tensor("t" + i).data().get(Cursor.FLOAT, 4)).isEqualTo(-i);
            }
            assertThat(gguf.metadata().getString("general.architecture")).isEqualTo("qwen35");
            assertThat(gguf.fileBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void opensAllParts() throws IOException {
        List<Path> parts = model(7).writeSplit(directory, "m", 2, 4, 1);
        assertThat(parts)
                .extracting(p -> p.getFileName().toString())
                .containsExactly("m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf");
        assertComplete(parts.getFirst(), 7, parts);
    }

    @Test
    void firstPartMayHaveNoTensors() throws IOException {
        List<Path> parts = model(3).alignment(64).writeSplit(directory, "m", 0, 3);
        assertComplete(parts.getFirst(), 3, parts);
    }

    /** As llama.cpp writes them: the other parts have the three keys and nothing else, not even the alignment. */
    @Test
    void partsMayDifferInAlignmentAndInTheTypesOfTheKeys() throws IOException {
        List<Path> parts =
                List.of(directory.resolve("m-00001-of-00002.gguf"), directory.resolve("m-00002-of-00002.gguf"));
        model(1).alignment(256)
                .putI32("split.no", 0)
                .putU64("split.count", 2)
                .putU16("split.tensors.count", 3)
                .write(parts.get(0));
        new GgufWriter()
                .putU8("split.no", 1)
                .putI64("split.count", 2)
                .putU32("split.tensors.count", 3)
                .add("t1", new long[] {2}, 1, -1)
                .add("t2", new long[] {2}, 2, -2)
                .write(parts.get(1));
        assertComplete(parts.getFirst(), 3, parts);
    }

    @Test
    void mergedFileMayCarryTheKeys() throws IOException {
        Path path = directory.resolve("merged.gguf");
        model(2).putU16("split.count", 0).putU16("split.no", 0).write(path);
        assertComplete(path, 2, List.of(path));
    }

    @Test
    void otherPartsAreNotOpened() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 2);
        refused(parts.get(1), "part 2 of 2", "open the first part", "m-00001-of-00002.gguf");
        Path renamed = Files.copy(parts.get(1), directory.resolve("x.gguf"));
        refused(renamed, "part 2 of 2", "first part", "-00001-of-00002.gguf");
    }

    @Test
    void partsAreFoundByName() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 2);
        Path renamed = Files.copy(parts.getFirst(), directory.resolve("x.gguf"));
        refused(renamed, "x.gguf", "first of 2 parts", "-00001-of-00002.gguf");
    }

    @Test
    void missingPart() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 1, 1);
        Files.delete(parts.get(1));
        refused(parts.getFirst(), "m-00002-of-00003.gguf", "part 2 of 3 is missing");
    }

    @Test
    void wrongNumber() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 1, 1);
        Files.copy(parts.get(1), parts.get(2), StandardCopyOption.REPLACE_EXISTING);
        refused(parts.getFirst(), "m-00003-of-00003.gguf", "split.no is 1", "expected 2");
    }

    @Test
    void wrongCount() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 2);
        List<Path> others = model(3).writeSplit(directory, "other", 1, 1, 1);
        Files.copy(others.get(1), parts.get(1), StandardCopyOption.REPLACE_EXISTING);
        refused(parts.getFirst(), "m-00002-of-00002.gguf", "split.count is 3", "expected 2");
    }

    @Test
    void wrongTotal() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 2);
        List<Path> others = model(4).writeSplit(directory, "other", 1, 3);
        Files.copy(others.get(1), parts.get(1), StandardCopyOption.REPLACE_EXISTING);
        refused(parts.getFirst(), "the parts have 4 tensors", "expected 3", "split.tensors.count");
    }

    @Test
    void duplicateTensor() throws IOException {
        List<Path> parts = model(4).writeSplit(directory, "m", 2, 2);
        List<Path> others = model(4).writeSplit(directory, "other", 1, 3);
        Files.copy(others.get(0), parts.get(0), StandardCopyOption.REPLACE_EXISTING);
        model(3).writeSplit(directory, "short", 0, 3);
        Files.copy(directory.resolve("short-00002-of-00002.gguf"), parts.get(1), StandardCopyOption.REPLACE_EXISTING);
        refused(parts.getFirst(), "m-00002-of-00002.gguf", "\"t0\"", "duplicate");
    }

    @Test
    void damagedPartIsNamed() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 2);
        Files.write(parts.get(1), new byte[] {'G', 'G', 'U', 'F', 3});
        refused(parts.getFirst(), "m-00002-of-00002.gguf", "truncated");
    }

    @Test
    void memoryHoldsNoParts() throws IOException {
        List<Path> parts = model(3).writeSplit(directory, "m", 1, 2);
        MemorySegment first = MemorySegment.ofArray(Files.readAllBytes(parts.getFirst()));
        assertThatThrownBy(() -> Gguf.of(first))
                .isInstanceOf(GgufException.class)
                .hasMessageContainingAll("memory", "2 parts");
    }
}
