package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fuzz.Campaign;
import dev.sluice.fuzz.SmallJvm;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileFuzzTest {
    /** As scripts/fuzz does it with more files; a failure prints the seed and the index of its file. */
    @Test
    void damagedFilesAreRefusedOrRun() throws IOException, InterruptedException {
        long seed = new Random().nextInt(Integer.MAX_VALUE);
        System.out.println("FileFuzzTest: seed " + seed);
        SmallJvm.Result result = SmallJvm.run(Campaign.HEAP, FileFuzz.class, "--count", 20_000, "--seed", seed);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(Campaign.counted(result.output(), FileProbe.LOADED)).isGreaterThan(2_000);
        assertThat(Campaign.counted(result.output(), "load: GgufException")).isGreaterThan(2_000);
        assertThat(Campaign.counted(result.output(), "load: UnsupportedModelException"))
                .isGreaterThan(50);
    }
}
