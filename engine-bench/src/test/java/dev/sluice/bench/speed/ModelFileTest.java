package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.SyntheticModel;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    @TempDir
    private Path directory;

    /** The example of FIPS 180-2, in two parts. */
    @Test
    void hashesPartsAsOne() throws IOException {
        Path first = Files.writeString(directory.resolve("1"), "a", StandardCharsets.UTF_8);
        Path second = Files.writeString(directory.resolve("2"), "bc", StandardCharsets.UTF_8);
        assertThat(ModelFile.sha256(List.of(first, second), Progress.NONE))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void summary() throws IOException {
        Path path = SyntheticModel.of("qwen35").type(TensorType.Q8_0).writeTo(directory.resolve("model.gguf"));
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.parts()).extracting(Gguf.Part::name).containsExactly(path.toString());
            ModelFile described = ModelFile.of(file, "name", Optional.empty());
            assertThat(described.bytes()).isEqualTo(Files.size(path));
            assertThat(described.architecture()).isEqualTo("qwen35");
            assertThat(described.types()).matches("Q8_0 \\d\\d\\.\\d %, F32 \\d+\\.\\d %");
            assertThat(described.parameters()).isPositive();
        }
    }
}
