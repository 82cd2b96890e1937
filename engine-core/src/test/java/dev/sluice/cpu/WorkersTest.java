package dev.sluice.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void eachPartRunsOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int count : new int[] {0, 1, 2, 5, 64, 1000}) {
                for (int most : new int[] {1, 2, 32}) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(count);
                    AtomicIntegerArray busy = new AtomicIntegerArray(threads);
                    AtomicInteger wrong = new AtomicInteger();
                    workers.run(count, most, (from, to, worker) -> {
                        boolean fits = from < to && to - from <= most && busy.incrementAndGet(worker) == 1;
                        wrong.addAndGet(fits ? 0 : 1);
                        for (int part = from; part < to; part++) {
                            runs.incrementAndGet(part);
                        }
                        busy.decrementAndGet(worker);
                    });
                    assertThat(wrong).hasValue(0);
                    for (int part = 0; part < count; part++) {
                        assertThat(runs.get(part)).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void manyOperationsInARow() {
        try (Workers workers = new Workers(3)) {
            AtomicInteger runs = new AtomicInteger();
            for (int i = 0; i < 20_000; i++) {
                int most = 1 + i % 3;
                workers.run(10, most, (from, to, worker) -> runs.addAndGet(to - from));
            }
            assertThat(runs).hasValue(200_000);
        }
    }

    @Test
    void fewerPartsAtOnceTowardsTheEnd() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger last = new AtomicInteger();
            workers.run(64, 16, (from, to, worker) -> {
                if (to == 64 || to == 32) { // the ends of the two stretches
                    last.accumulateAndGet(to - from, Math::max);
                }
            });
            assertThat(last).hasValue(1);
        }
    }

    @Test
    void failureOfAPartIsThrownAndTheTeamGoesOn() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.run(8, (part, worker) -> {
                        if (part == 5) {
                            throw new IllegalStateException("part 5");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("part 5");
            AtomicInteger runs = new AtomicInteger();
            workers.run(8, (part, worker) -> runs.incrementAndGet());
            assertThat(runs).hasValue(8);
        }
    }

    @Test
    void interruptIsKeptAndDoesNotEndAnOperation() {
        try (Workers workers = new Workers(2)) {
            Thread.currentThread().interrupt();
            AtomicInteger runs = new AtomicInteger();
            workers.run(100, (part, worker) -> runs.incrementAndGet());
            assertThat(runs).hasValue(100);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
