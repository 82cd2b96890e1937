package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rule, under a clock that only runs take time on. */
class WarmUpTest {
    private long nanos = 123;
    private int runs;

    /** Runs with these prefill rates, each of so many seconds; how many were made is in {@link #runs}. */
    private boolean settles(int limit, int secondsOfARun, double decode, double... prefill) {
        return new WarmUp(Duration.ofSeconds(limit), () -> nanos).settle(() -> {
            nanos += TimeUnit.SECONDS.toNanos(secondsOfARun);
            return new Rates(prefill[runs++], decode);
        });
    }

    @Test
    void endsWhenTwoRunsAgree() {
        assertThat(settles(60, 1, 7, 10, 50, 80, 84, 1)).isTrue();
        assertThat(runs).isEqualTo(4);
    }

    @Test
    void fivePercentOfTheLarger() {
        assertThat(settles(60, 1, 7, 95, 100, 1)).isTrue();
        assertThat(runs).isEqualTo(2);
        runs = 0;
        assertThat(settles(3, 1, 7, 94.9, 100, 94.9)).isFalse();
        assertThat(runs).isEqualTo(3);
    }

    @Test
    void bothRatesMustAgree() {
        double[] decode = {1, 2, 4, 4.1};
        boolean settled = new WarmUp(Duration.ofSeconds(60), () -> nanos).settle(() -> new Rates(10, decode[runs++]));
        assertThat(settled).isTrue();
        assertThat(runs).isEqualTo(4);
    }

    @Test
    void startsNoRunAfterTheLimit() {
        assertThat(settles(60, 25, 7, 1, 2, 3, 4, 5)).isFalse();
        assertThat(runs).isEqualTo(3); // begun at 0, 25 and 50 seconds
        runs = 0;
        assertThat(settles(60, 61, 7, 1, 1, 1)).isFalse();
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void noWarmUp() {
        assertThat(settles(0, 1, 7, 1, 1)).isFalse();
        assertThat(runs).isZero();
    }

    @Test
    void aPhaseThatIsNotMeasuredAgrees() {
        assertThat(settles(60, 1, 0, 10, 10)).isTrue();
    }
}
