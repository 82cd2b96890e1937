package dev.sluice.app.inspect;

import dev.sluice.app.inspect.Description.TensorEntry;
import java.util.List;
import java.util.Optional;

/**
 * How many weights a file has.
 *
 * @param total elements of all tensors
 * @param active those that one token uses: of stacks of experts the share that is used, of MTP blocks none; empty where
 *     there are no experts
 * @param bitsPerWeight of all tensors; 0 without any
 */
public record Parameters(long total, Optional<Long> active, double bitsPerWeight) {
    static Parameters of(List<TensorEntry> tensors, Keys keys) {
        long total = tensors.stream().mapToLong(TensorEntry::parameters).sum();
        long bytes = tensors.stream().mapToLong(TensorEntry::bytes).sum();
        return new Parameters(total, active(tensors, keys), total == 0 ? 0 : 8.0 * bytes / total);
    }

    private static Optional<Long> active(List<TensorEntry> tensors, Keys keys) {
        long count = keys.ofArchitecture("expert_count").orElse(0L);
        long used = keys.ofArchitecture("expert_used_count").orElse(0L);
        if (count < 1 || used < 1 || used > count) {
            return Optional.empty();
        }
        LayerTree.MtpBlocks mtp = LayerTree.MtpBlocks.of(keys);
        double active = 0;
        for (TensorEntry tensor : tensors) {
            if (!mtp.owns(tensor.name())) {
                active += tensor.name().contains("_exps.")
                        ? (double) tensor.parameters() * used / count
                        : tensor.parameters();
            }
        }
        return Optional.of(Math.round(active));
    }
}
