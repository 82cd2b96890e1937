package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {
    private static final long BUFFER = 128L << 20;

    @Test
    void fromTheLinesOfTheSystem() {
        assertThat(PeakMemory.peakOf(List.of("Name:\tjava", "VmHWM:\t  2048 kB", "VmRSS:\t  1024 kB")))
                .hasValue(2L << 20);
        assertThat(PeakMemory.peakOf(List.of("Name:\tjava"))).isEmpty();
    }

    @Test
    void whatIsHeldInAPauseDoesNotCount() {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "no such counter here");
        PeakMemory memory = new PeakMemory();
        memory.resume(); // whatever other tests held
        long held = memory.bytes().orElseThrow();
        memory.pause();
        hold(4 * BUFFER);
        memory.resume();
        assertThat(memory.bytes().orElseThrow()).isLessThan(held + BUFFER);
        hold(2 * BUFFER);
        assertThat(memory.bytes().orElseThrow()).isBetween(held + BUFFER, held + 3 * BUFFER);
    }

    private static void hold(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            arena.allocate(bytes).fill((byte) 1);
        }
    }
}
