package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LoadBarTest {
    private static final long SECOND = 1_000_000_000L;

    private static final String CLEAR = "\r\u001b[K";

    private final StringWriter written = new StringWriter();
    private long now = 5 * SECOND;

    private LoadBar bar(boolean terminal) {
        return new LoadBar(() -> new StatusLine(new PrintWriter(written), terminal), () -> now);
    }

    private String drawn() {
        String text = written.toString();
        written.getBuffer().setLength(0);
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
        assertThat(drawn()).isEqualTo(CLEAR + "loading [....................]   0%");
        bar.report(500, 1000);
        bar.draw();
        assertThat(drawn()).isEqualTo(CLEAR + "loading [##########..........]  50%");
        bar.report(501, 1000);
        bar.draw();
        assertThat(drawn()).as("nothing new").isEmpty();
        bar.report(1000, 1000);
        bar.draw();
        assertThat(drawn()).isEqualTo(CLEAR + "loading [####################] 100%");
        bar.close();
        assertThat(drawn()).isEqualTo(CLEAR);
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
