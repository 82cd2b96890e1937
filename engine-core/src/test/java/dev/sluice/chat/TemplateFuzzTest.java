package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fuzz.Campaign;
import dev.sluice.fuzz.SmallJvm;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TemplateFuzzTest {
    @Test
    void randomTemplatesRenderOrFailCleanly() throws IOException, InterruptedException {
        long seed = new Random().nextInt(Integer.MAX_VALUE);
        System.out.println("TemplateFuzzTest: seed " + seed);
        SmallJvm.Result result = SmallJvm.run(Campaign.HEAP, TemplateFuzz.class, "--count", 20_000, "--seed", seed);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(Campaign.counted(result.output(), "rendered")).isGreaterThan(2_000);
        assertThat(Campaign.counted(result.output(), "failed to parse")).isGreaterThan(1_000);
        assertThat(Campaign.counted(result.output(), "failed to render")).isGreaterThan(1_000);
    }
}
