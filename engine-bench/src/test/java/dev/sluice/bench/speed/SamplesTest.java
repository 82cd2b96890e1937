package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void statistics() {
        Samples samples = Samples.of(2, 4, 4, 4, 5, 5, 7, 9);
        assertThat(samples.mean()).isEqualTo(5);
        assertThat(samples.stddev()).isCloseTo(Math.sqrt(32 / 7.0), within(1e-12));
        assertThat(samples.median()).isEqualTo(4.5);
        assertThat(samples.min()).isEqualTo(2);
        assertThat(samples.max()).isEqualTo(9);
        assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
    }

    @Test
    void oneValueHasNoSpread() {
        assertThat(Samples.of(3).stddev()).isZero();
        assertThat(Samples.of(3).median()).isEqualTo(3);
    }

    @Test
    void noValues() {
        Samples none = new Samples(List.of());
        assertThat(none.isEmpty()).isTrue();
        assertThat(List.of(none.mean(), none.median(), none.min(), none.max())).containsOnly(Double.NaN);
    }

    @Test
    void ratiosArePaired() {
        Samples ratios = Samples.of(10, 30, 8).over(Samples.of(5, 10, 8));
        assertThat(ratios.values()).containsExactly(2.0, 3.0, 1.0);
        assertThat(ratios.median()).isEqualTo(2); // not 10 / 8, the ratio of the medians
        assertThatThrownBy(() -> Samples.of(1, 2).over(Samples.of(1))).hasMessageContaining("2 samples beside 1");
    }
}
