package dev.sluice.app.inspect;

import dev.sluice.app.inspect.Description.TensorEntry;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * In what two files differ. The order of keys and tensors, and where their data lies, do not matter; neither does the width
 * of an integer or float in the metadata.
 *
 * @param equal whether all lists are empty and the versions the same
 * @param dataCompared whether the data of tensors of the same type and shape was compared
 * @param metadata keys, but for those of the next two
 * @param tokenizer its lists, where both files have them
 * @param chatTemplates where both files have one of that name
 */
public record Comparison(
        Side a,
        Side b,
        boolean equal,
        boolean dataCompared,
        List<KeyDifference> metadata,
        Optional<TokenizerDifference> tokenizer,
        List<TemplateDifference> chatTemplates,
        List<TensorDifference> tensors) {
    private static final String TEMPLATE = "tokenizer.chat_template";

    /** One of the files. */
    public record Side(String file, int version, long bytes, int keys, int tensors) {
        private static Side of(String name, Gguf file) {
            return new Side(
                    name,
                    file.version(),
                    file.fileBytes(),
                    file.metadata().keys().size(),
                    file.tensors().size());
        }
    }

    /**
     * A key that only one file has, or that has another value.
     *
     * @param a its value, an {@link ArraySummary} of long arrays
     * @param firstDifference of arrays, the first index where they differ; the length of the shorter one where that is the
     *     start of the other
     */
    public record KeyDifference(String key, Optional<Object> a, Optional<Object> b, OptionalInt firstDifference) {}

    /**
     * A tensor that only one file has, or that differs.
     *
     * @param firstDifference of tensors of the same type and shape, the first byte that differs, counted from its start
     */
    public record TensorDifference(
            String name, Optional<TensorEntry> a, Optional<TensorEntry> b, Optional<Long> firstDifference) {}

    /** Compares two open files; {@code data} says whether to read the weights too. */
    public static Comparison of(String nameA, Gguf a, String nameB, Gguf b, boolean data) {
        Optional<TokenizerDifference> tokenizer = TokenizerDifference.of(a.metadata(), b.metadata());
        List<KeyDifference> keys = new ArrayList<>();
        List<TemplateDifference> templates = new ArrayList<>();
        for (String key : union(a.metadata().keys().stream(), b.metadata().keys().stream())) {
            Optional<Object> valueA = a.metadata().find(key);
            Optional<Object> valueB = b.metadata().find(key);
            if (valueA.isPresent() && valueB.isPresent() && Values.same(valueA.get(), valueB.get())) {
                continue;
            }
            if (key.startsWith(TEMPLATE)
                    && valueA.orElse(0) instanceof String textA
                    && valueB.orElse(0) instanceof String textB) {
                templates.add(TemplateDifference.of(key, textA, textB));
            } else if (!TokenizerDifference.covers(key, valueA, valueB)) {
                keys.add(difference(key, valueA, valueB));
            }
        }
        List<TensorDifference> tensors = tensors(a, b, data);
        boolean equal = a.version() == b.version()
                && keys.isEmpty()
                && tokenizer.isEmpty()
                && templates.isEmpty()
                && tensors.isEmpty();
        return new Comparison(Side.of(nameA, a), Side.of(nameB, b), equal, data, keys, tokenizer, templates, tensors);
    }

    private static Set<String> union(Stream<String> a, Stream<String> b) {
        Set<String> names = new LinkedHashSet<>();
        Stream.concat(a, b).forEach(names::add);
        return names;
    }

    private static KeyDifference difference(String key, Optional<Object> a, Optional<Object> b) {
        boolean arrays = a.filter(Values::isArray).isPresent()
                && b.filter(Values::isArray).isPresent();
        return new KeyDifference(
                key,
                a.map(Comparison::brief),
                b.map(Comparison::brief),
                arrays ? OptionalInt.of(Values.mismatch(a.get(), b.get())) : OptionalInt.empty());
    }

    private static Object brief(Object value) {
        return Values.isLong(value) ? ArraySummary.of(value) : value;
    }

    private static List<TensorDifference> tensors(Gguf a, Gguf b, boolean data) {
        List<TensorDifference> differences = new ArrayList<>();
        for (String name : union(
                a.tensors().stream().map(Tensor::name), b.tensors().stream().map(Tensor::name))) {
            Optional<TensorEntry> entryA = a.find(name).map(TensorEntry::of);
            Optional<TensorEntry> entryB = b.find(name).map(TensorEntry::of);
            if (!entryA.equals(entryB)) {
                differences.add(new TensorDifference(name, entryA, entryB, Optional.empty()));
            } else if (data) {
                long at = a.tensor(name).data().mismatch(b.tensor(name).data());
                if (at >= 0) {
                    differences.add(new TensorDifference(name, entryA, entryB, Optional.of(at)));
                }
            }
        }
        return differences;
    }
}
