package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.op.Ops;
import java.util.LinkedHashMap;
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

    public static Set<String> names() {
        return TABLE.keySet();
    }

    /**
     * Binds the file's weights to a backend.
     *
     * @throws UnsupportedModelException if the architecture or something in the file is not supported
     * @throws dev.sluice.gguf.GgufException if a key or tensor is missing or has a wrong shape
     */
    public static Decoder bind(Gguf file, Ops ops) {
        return bind(file, ops, Problems.THROWN);
    }

    /**
     * As {@link #bind(Gguf, Ops)}, telling {@code problems} of everything that is wrong. What cannot be passed over is
     * thrown as well.
     */
    public static Decoder bind(Gguf file, Ops ops, Problems problems) {
        String name = file.metadata().getString("general.architecture");
        Constructor constructor = TABLE.get(name);
        if (constructor == null) {
            throw new UnsupportedModelException(file.name() + ": architecture '" + name
                    + "' is not supported; supported are " + String.join(", ", TABLE.keySet()));
        }
        return constructor.bind(file, ops, problems);
    }
}
