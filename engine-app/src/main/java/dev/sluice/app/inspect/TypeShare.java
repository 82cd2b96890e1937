package dev.sluice.app.inspect;

import dev.sluice.app.inspect.Description.TensorEntry;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of one type.
 *
 * @param tensors how many
 * @param share of the bytes of all tensors, from 0 to 1
 */
public record TypeShare(String type, int tensors, long parameters, long bytes, double share) {
    /** The largest first. */
    static List<TypeShare> of(List<TensorEntry> tensors) {
        double all = tensors.stream().mapToLong(TensorEntry::bytes).sum();
        Map<String, TypeShare> shares = new LinkedHashMap<>();
        for (TensorEntry tensor : tensors) {
            shares.merge(
                    tensor.type(),
                    new TypeShare(tensor.type(), 1, tensor.parameters(), tensor.bytes(), tensor.bytes() / all),
                    TypeShare::plus);
        }
        return shares.values().stream()
                .sorted(Comparator.comparingLong(TypeShare::bytes).reversed())
                .toList();
    }

    private TypeShare plus(TypeShare other) {
        return new TypeShare(
                type, tensors + other.tensors, parameters + other.parameters, bytes + other.bytes, share + other.share);
    }
}
