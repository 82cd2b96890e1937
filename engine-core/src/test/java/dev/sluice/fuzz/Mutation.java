package dev.sluice.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** One change of a file that was taken apart; does nothing where the file has nothing to change. */
@FunctionalInterface
interface Mutation {
    void apply(GgufImage image, SplittableRandom random);

    /** One element of a list that is not empty. */
    static <T> T pick(List<T> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }
}
