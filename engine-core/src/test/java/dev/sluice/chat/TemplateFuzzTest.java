package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TemplateFuzzTest {
    @Test
    void randomTemplatesRenderOrFailCleanly() {
        long seed = new Random().nextLong();
        System.out.println("TemplateFuzzTest: seed " + seed);
        TemplateFuzz.Counts counts = TemplateFuzz.run(20_000, seed);
        assertThat(counts.rendered() + counts.failedToParse() + counts.failedToRender())
                .isEqualTo(20_000);
        assertThat(counts.rendered()).isGreaterThan(2_000);
        assertThat(counts.failedToParse()).isGreaterThan(1_000);
        assertThat(counts.failedToRender()).isGreaterThan(1_000);
    }
}
