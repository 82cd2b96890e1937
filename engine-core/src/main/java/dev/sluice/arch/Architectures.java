package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.op.Ops;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of architectures: the value of {@code general.architecture} and what binds such a file. */
public final class Architectures {
    private static final Map<String, Constructor> TABLE = table();

    @FunctionalInterface
    private interface Constructor {
        Decoder bind(Gguf file, Ops ops, Problems problems);
    }

    private Architectures() {}

    private static Map<String, Constructor> table() {
        Map<String, Constructor> table = new LinkedHashMap<>();
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
        return bind(file, ops, Problems.THROWN);
    }

    /**
     * As {@link #bind(Gguf, Ops)}, telling {@code problems} of everything that is wrong. What cannot be passed over is
     * thrown as well.
     *
     * @param file open for as long as the decoder is used
     * @param ops where the weights go and the forward runs
     * @param problems told of each; where it throws, binding ends
     * @return the decoder, of no use if there was a problem
     * @throws UnsupportedModelException if the architecture or something in the file is not supported
     * @throws dev.sluice.gguf.GgufException if what all the rest follows from is missing or wrong
     */
    public static Decoder bind(Gguf file, Ops ops, Problems problems) {
        String name = file.metadata().getString("general.architecture");
        Constructor constructor = TABLE.get(name);
        if (name.equals("clip")) {
            throw new UnsupportedModelException(
                    file.name() + ": architecture 'clip': this is the vision part (mmproj) of"
                            + " a model; give the file of the language model, which answers text without it");
        }
        if (constructor == null) {
            throw new UnsupportedModelException(file.name() + ": architecture '" + name
                    + "' is not supported; supported are " + String.join(", ", TABLE.keySet()));
        }
        return constructor.bind(file, ops, problems);
    }
}
