package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLimitsTest {
    @TempDir
    private Path directory;

    @Test
    void measuresSomething() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[1 << 20]);
        MachineLimits limits = MachineLimits.measure(2, Optional.of(file), 1 << 20);
        assertThat(limits.memoryRead()).isPositive().isFinite();
        assertThat(limits.fma()).isPositive().isFinite();
    }

    @Test
    void theBetterOfEach() {
        assertThat(new MachineLimits(5, 20).max(new MachineLimits(7, 10))).isEqualTo(new MachineLimits(7, 20));
    }

    /** A tile that computed something else would not be worth timing. */
    @Test
    void tilesMultiply() {
        for (FmaTiles.Tile tile : FmaTiles.ALL) {
            float[] a = tile.a();
            float[] b = tile.b();
            int depth = a.length / tile.rows();
            int columns = b.length / depth;
            assertThat(tile.flop()).isEqualTo(2L * tile.rows() * columns * depth);
            double sum = 0;
            double magnitude = 0;
            for (int k = 0; k < depth; k++) {
                for (int i = 0; i < tile.rows(); i++) {
                    for (int j = 0; j < columns; j++) {
                        double product = (double) a[k * tile.rows() + i] * b[k * columns + j];
                        sum += 3 * product;
                        magnitude += 3 * Math.abs(product);
                    }
                }
            }
            assertThat((double) tile.loop().run(a, b, 3))
                    .as("%d x %d", tile.rows(), tile.vectors())
                    .isCloseTo(sum, within(1e-5 * magnitude));
        }
    }

    @Test
    void namesOfProcessors() {
        assertThat(Machine.nameOf(List.of("processor\t: 0", "model name\t: AMD EPYC", "model name\t: AMD EPYC")))
                .isEqualTo("AMD EPYC");
        assertThat(Machine.nameOf(List.of("processor\t: 0"))).isEqualTo(System.getProperty("os.arch"));
        assertThat(Machine.current().vectorBits()).isPositive();
    }
}
