package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gguf.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadProgressTest {
    @TempDir
    private Path directory;

    private Path model(String architecture) throws IOException {
        return SyntheticModel.of(architecture).writeTo(directory.resolve("model.gguf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void runsFromNothingToAllWeights(String architecture) throws IOException {
        List<Long> reports = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        LoadOptions options = LoadOptions.defaults().withProgress((done, total) -> {
            reports.add(done);
            reports.add(total);
            threads.add(Thread.currentThread());
        });
        try (Model model =
                Model.load(model(architecture), options.withThreads(2).withMaxRows(16))) {
            long weights =
                    model.file().tensors().stream().mapToLong(Tensor::bytes).sum();
            List<Long> done = new ArrayList<>();
            for (int i = 0; i < reports.size(); i += 2) {
                done.add(reports.get(i));
                assertThat(reports.get(i + 1)).isEqualTo(weights);
            }
            assertThat(done)
                    .hasSizeGreaterThan(10)
                    .startsWith(0L)
                    .endsWith(weights)
                    .isSorted();
            assertThat(threads).containsOnly(Thread.currentThread());
        }
    }

    @Test
    void anExceptionEndsTheLoading() throws IOException {
        Path file = model("qwen35");
        LoadOptions options = LoadOptions.defaults().withProgress((done, total) -> {
            if (done > 0) {
                throw new IllegalStateException("enough");
            }
        });
        assertThatThrownBy(() -> Model.load(file, options)).hasMessage("enough");
    }
}
