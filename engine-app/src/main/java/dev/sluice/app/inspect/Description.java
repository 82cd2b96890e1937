package dev.sluice.app.inspect;

import dev.sluice.Inspection;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A file as it is shown.
 *
 * @param file how the user named it
 * @param version of GGUF
 * @param bytes of all parts
 * @param parts the files of a split model; one entry where it is not split
 * @param name {@code general.name}
 * @param architecture {@code general.architecture}
 * @param metadata every key, values as {@link dev.sluice.gguf.GgufMetadata#find} gives them
 * @param types the share of each tensor type, the largest first
 * @param layers the tensors as a tree
 * @param tensors every tensor, in the order of the file
 * @param tokenizer empty where the file has none
 * @param chatTemplates in alphabetical order
 * @param rope what the {@code rope.*} keys say
 * @param sampling what a request gets that names no settings
 * @param engine whether it runs, and what it costs
 */
public record Description(
        String file,
        int version,
        int alignment,
        long bytes,
        List<Gguf.Part> parts,
        Optional<String> name,
        Optional<String> architecture,
        Parameters parameters,
        Map<String, Object> metadata,
        List<TypeShare> types,
        LayerTree layers,
        List<TensorEntry> tensors,
        Optional<TokenizerSummary> tokenizer,
        List<TemplateSummary> chatTemplates,
        Optional<RopeSummary> rope,
        SamplingSummary sampling,
        EngineSummary engine) {

    /**
     * Describes an open file.
     *
     * @param context length of the session whose cost is shown, besides others; 0 for the model's own
     */
    public static Description of(String name, Gguf file, Inspection inspection, OptionalInt context) {
        Keys keys = Keys.of(file);
        List<TensorEntry> tensors = file.tensors().stream().map(TensorEntry::of).toList();
        return new Description(
                name,
                file.version(),
                file.alignment(),
                file.fileBytes(),
                file.parts(),
                keys.text("general.name"),
                keys.text("general.architecture"),
                Parameters.of(tensors, keys),
                metadata(file),
                TypeShare.of(tensors),
                LayerTree.of(tensors, keys),
                tensors,
                TokenizerSummary.of(keys, inspection),
                TemplateSummary.of(inspection),
                RopeSummary.of(keys),
                SamplingSummary.of(file.metadata(), inspection),
                EngineSummary.of(keys, inspection, context));
    }

    /** The same with, instead of arrays of more than 16 elements in the metadata, their length and hash. */
    public Description withoutLongArrays() {
        Map<String, Object> brief = new LinkedHashMap<>();
        metadata.forEach((key, value) -> brief.put(key, Values.isLong(value) ? ArraySummary.of(value) : value));
        return new Description(
                file,
                version,
                alignment,
                bytes,
                parts,
                name,
                architecture,
                parameters,
                brief,
                types,
                layers,
                tensors,
                tokenizer,
                chatTemplates,
                rope,
                sampling,
                engine);
    }

    private static Map<String, Object> metadata(Gguf file) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (String key : file.metadata().keys()) {
            metadata.put(key, file.metadata().find(key).orElseThrow());
        }
        return metadata;
    }

    /** A tensor; the shape as in the file, the contiguous size first. */
    public record TensorEntry(String name, String type, List<Long> shape, long parameters, long bytes) {
        static TensorEntry of(Tensor tensor) {
            return new TensorEntry(
                    tensor.name(),
                    tensor.type().name(),
                    Arrays.stream(tensor.shape()).boxed().toList(),
                    tensor.elements(),
                    tensor.bytes());
        }

        TensorEntry named(String other) {
            return new TensorEntry(other, type, shape, parameters, bytes);
        }
    }
}
