package dev.sluice.bench.speed;

import dev.sluice.gguf.TensorType;
import java.time.Duration;
import java.util.List;

/**
 * What is measured.
 *
 * @param combinations those with the same depth adjacent, so that a depth is filled once; at least one
 * @param repetitions measured runs of each, after warming up
 * @param warmUp see {@link WarmUp}
 * @param kvType element type of keys and values: F16 or F32
 */
public record SpeedOptions(List<Combination> combinations, int repetitions, Duration warmUp, TensorType kvType) {
    public SpeedOptions {
        combinations = List.copyOf(combinations);
        if (combinations.isEmpty()) {
            throw new IllegalArgumentException("nothing to measure");
        }
        if (repetitions < 1 || repetitions > 1000) {
            throw new IllegalArgumentException("repetitions: " + repetitions + ", expected 1 to 1000");
        }
        if (warmUp.isNegative() || warmUp.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("warm-up: " + warmUp.toSeconds() + " s, expected 0 to 3600");
        }
    }

    /** Tokens that the longest session holds. */
    int context() {
        return combinations.stream().mapToInt(Combination::context).max().orElseThrow();
    }
}
