package dev.sluice.fuzz;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Makes damaged and strange files out of sound ones: one to five changes, of what the file says and then of its bytes. The
 * same file and random numbers give the same result.
 */
public final class GgufMutator {
    private static final int MOST_CHANGES = 5;

    /** By name, in an order that does not depend on the run. */
    private static final List<Map.Entry<String, Mutation>> MUTATIONS = Stream.of(
                    KeyMutations.ALL, TokenizerMutations.ALL, TensorMutations.ALL)
            .flatMap(all -> all.entrySet().stream().sorted(Map.Entry.comparingByKey()))
            .toList();

    private static final List<Map.Entry<String, ByteMutations.Change>> BYTES = ByteMutations.ALL.entrySet().stream()
            .sorted(Comparator.comparing(Map.Entry::getKey))
            .toList();

    /** A file, and what was done to it. */
    public record Mutant(byte[] bytes, List<String> changes) {}

    private GgufMutator() {}

    /** Changes a copy. */
    public static Mutant mutate(GgufImage sound, SplittableRandom random) {
        GgufImage image = sound.copy();
        List<String> changes = new ArrayList<>();
        int blind = 0;
        // Few more often than many, of which most files are refused for the first.
        for (int n = 1 + Math.min(random.nextInt(MOST_CHANGES), random.nextInt(MOST_CHANGES)); n > 0; n--) {
            if (image.tensors.isEmpty() || random.nextInt(4) == 0) {
                blind++;
                continue;
            }
            Map.Entry<String, Mutation> mutation = Mutation.pick(MUTATIONS, random);
            mutation.getValue().apply(image, random);
            changes.add(mutation.getKey());
        }
        byte[] bytes = image.toBytes();
        for (; blind > 0; blind--) {
            Map.Entry<String, ByteMutations.Change> change = Mutation.pick(BYTES, random);
            bytes = change.getValue().of(bytes, image.fields, random);
            changes.add(change.getKey());
        }
        return new Mutant(bytes, changes);
    }
}
