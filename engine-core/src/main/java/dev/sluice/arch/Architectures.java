package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.op.Ops;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** The table of architectures: the value of {@code general.architecture} and what binds such a file. */
public final class Architectures {
    private static final Map<String, BiFunction<Gguf, Ops, Decoder>> TABLE = table();

    private Architectures() {}

    private static Map<String, BiFunction<Gguf, Ops, Decoder>> table() {
        Map<String, BiFunction<Gguf, Ops, Decoder>> table = new LinkedHashMap<>();
        table.put("qwen35", Qwen35::new);
        table.put("qwen35moe", Qwen35::new);
        table.put("qwen3next", Qwen35::new);
        return table;
    }

    /** {@return values of {@code general.architecture} that this engine runs, in the order of the table} */
    public static Set<String> names() {
        return Collections.unmodifiableSet(TABLE.keySet());
    }

    /** {@return values of {@code rope.scaling.type} that are computed} */
    public static List<String> ropeScalingTypes() {
        return RopeKeys.TYPES;
    }

    /**
     * Binds the file's weights to a backend.
     *
     * @param file open for as long as the decoder is used
     * @param ops where the weights go and the forward runs
     * @return the decoder
     * @throws UnsupportedModelException if the architecture or something in the file is not supported
     * @throws dev.sluice.gguf.GgufException if a key or tensor is missing or has a wrong shape
     */
    public static Decoder bind(Gguf file, Ops ops) {
        String name = file.metadata().getString("general.architecture");
        BiFunction<Gguf, Ops, Decoder> constructor = TABLE.get(name);
        if (name.equals("clip")) {
            throw new UnsupportedModelException(
                    file.name() + ": architecture 'clip': this is the vision part (mmproj) of"
                            + " a model; give the file of the language model, which answers text without it");
        }
        if (constructor == null) {
            throw new UnsupportedModelException(file.name() + ": architecture '" + name
                    + "' is not supported; supported are " + String.join(", ", TABLE.keySet()));
        }
        return constructor.apply(file, ops);
    }
}
