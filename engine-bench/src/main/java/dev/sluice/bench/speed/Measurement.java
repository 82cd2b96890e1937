package dev.sluice.bench.speed;

import java.util.Optional;

/**
 * What was measured of one combination, in tokens per second.
 *
 * @param settled whether two runs in a row agreed before the measured ones
 * @param stateBytes of the session at the end of a run: keys, values and recurrent state
 * @param peer the same of another program, run in turn
 */
public record Measurement(Combination combination, Pair own, boolean settled, long stateBytes, Optional<Pair> peer) {
    /** Samples of both phases; empty for one that was not asked for. */
    public record Pair(Samples prefill, Samples decode) {}
}
