package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoadBarTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long now = 5 * SECOND;

    private LoadBar bar(boolean terminal) {
        return new LoadBar(new PrintStream(written, true, StandardCharsets.UTF_8), () -> terminal, () -> now);
    }

    private String drawn() {
        String text = written.toString(StandardCharsets.UTF_8);
        written.reset();
        return text;
    }

    @Test
    void appearsAfterASecondAndIsErased() {
        LoadBar bar = bar(true);
        bar.report(0, 1000);
        now += SECOND;
        assertThat(bar.draw()).isTrue();
        assertThat(drawn()).isEmpty();
        now++;
        assertThat(bar.draw()).isTrue();
        assertThat(drawn()).isEqualTo("\rloading [....................]   0%");
        bar.report(500, 1000);
        bar.draw();
        assertThat(drawn()).isEqualTo("\rloading [##########..........]  50%");
        bar.report(501, 1000);
        bar.draw();
        assertThat(drawn()).as("nothing new").isEmpty();
        bar.report(1000, 1000);
        bar.draw();
        String full = drawn();
        assertThat(full).isEqualTo("\rloading [####################] 100%");
        bar.close();
        assertThat(drawn()).isEqualTo("\r" + " ".repeat(full.length() - 1) + "\r");
        assertThat(bar.draw()).isFalse();
        assertThat(drawn()).isEmpty();
    }

    @Test
    void aFastLoadShowsNothing() {
        LoadBar bar = bar(true);
        bar.report(0, 10);
        bar.draw();
        bar.report(10, 10);
        bar.close();
        assertThat(drawn()).isEmpty();
    }

    @Test
    void nothingGoesIntoAPipe() {
        LoadBar bar = bar(false);
        bar.report(1, 10);
        now += 2 * SECOND;
        assertThat(bar.draw()).isFalse();
        bar.close();
        assertThat(drawn()).isEmpty();
    }

    @Test
    void aModelWithoutWeights() {
        LoadBar bar = bar(true);
        now += 2 * SECOND;
        bar.draw();
        assertThat(drawn()).endsWith("  0%");
    }
}
