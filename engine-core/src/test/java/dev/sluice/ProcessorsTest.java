package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {
    @TempDir
    private Path system;

    private void processor(int number, String siblings) throws IOException {
        Path topology = Files.createDirectories(system.resolve("cpu" + number + "/topology"));
        Files.writeString(topology.resolve("thread_siblings_list"), siblings + "\n");
    }

    @Test
    void siblingsAreOneCore() throws IOException {
        processor(0, "0,2");
        processor(1, "1,3");
        processor(2, "0,2");
        processor(3, "1,3");
        Files.createDirectories(system.resolve("cpufreq"));
        assertThat(Processors.physicalCores(system, 4)).isEqualTo(2);
        assertThat(Processors.physicalCores(system, 1)).isEqualTo(1); // a container with one processor
    }

    @Test
    void unknownTopologyCountsEachProcessor() {
        assertThat(Processors.physicalCores(system, 6)).isEqualTo(6);
        assertThat(Processors.physicalCores(system.resolve("missing"), 6)).isEqualTo(6);
    }
}
