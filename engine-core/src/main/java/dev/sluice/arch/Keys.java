package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufMetadata;
import dev.sluice.gguf.UnsupportedModelException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The keys {@code <architecture>.<key>} of a file, each read with the range that its value must have. */
final class Keys {
    /** Values in a row of working memory; the widest row of the family has about 20,000. */
    static final int MOST_WIDTH = 1 << 18;

    private final GgufMetadata metadata;
    private final String file;
    private final String architecture;

    Keys(Gguf file) {
        this.metadata = file.metadata();
        this.file = file.name();
        this.architecture = metadata.getString("general.architecture");
    }

    String architecture() {
        return architecture;
    }

    private String name(String key) {
        return architecture + "." + key;
    }

    boolean has(String key) {
        return metadata.has(name(key));
    }

    int positive(String key) {
        return integer(key, 1, Integer.MAX_VALUE);
    }

    int integer(String key, int from, int to) {
        return inRange(key, metadata.getInt(name(key)), from, to);
    }

    /** {@code otherwise}, where the key is missing, need not be in the range. */
    int integer(String key, int from, int to, int otherwise) {
        return has(key) ? integer(key, from, to) : otherwise;
    }

    private int inRange(String key, int value, int from, int to) {
        if (value < from || value > to) {
            throw bad(key, value, to == Integer.MAX_VALUE ? from + " or more" : from + " to " + to);
        }
        return value;
    }

    /** A finite number, not negative. */
    double notNegative(String key) {
        double value = metadata.getDouble(name(key));
        if (!(value >= 0) || Float.isInfinite((float) value)) {
            throw bad(key, value, "a finite number, 0 or more");
        }
        return value;
    }

    /** As {@link #notNegative(String)}; {@code otherwise} where the key is missing. */
    double notNegative(String key, double otherwise) {
        return has(key) ? notNegative(key) : otherwise;
    }

    /** A finite number above 0. */
    double positive(String key, double otherwise) {
        double value = notNegative(key, otherwise);
        if (value == 0) {
            throw bad(key, value, "a number above 0");
        }
        return value;
    }

    Optional<String> string(String key) {
        return metadata.findString(name(key));
    }

    boolean bool(String key, boolean otherwise) {
        return metadata.findBool(name(key)).orElse(otherwise);
    }

    Optional<int[]> integers(String key) {
        return metadata.findInts(name(key));
    }

    Optional<boolean[]> bools(String key) {
        return metadata.findBools(name(key));
    }

    /** One number from 0 to {@code to} for each block, MTP blocks included. */
    int[] perBlock(String key, int blocks, int to) {
        int[] values = metadata.getIntOrArray(name(key), blocks);
        if (Arrays.stream(values).anyMatch(v -> v < 0 || v > to)) {
            throw bad(key, Arrays.toString(values), "numbers from 0 to " + to);
        }
        return values;
    }

    /** As {@link #perBlock(String, int, int)}; {@code otherwise} where the key is missing. */
    int[] perBlock(String key, int blocks, int to, int[] otherwise) {
        return has(key) ? perBlock(key, blocks, to) : otherwise;
    }

    /**
     * Refuses what would make rows of working memory absurdly wide, before anything is multiplied in 32 bits.
     *
     * @param keys the keys that {@code width} comes from
     */
    void limitWidth(String keys, long width) {
        if (width > MOST_WIDTH) {
            throw new UnsupportedModelException(file + ": " + name(keys) + " make rows of " + width
                    + " values; at most " + MOST_WIDTH + " are supported");
        }
    }

    /** Refuses every key that starts with {@code prefix} and does not end in one of {@code known}. */
    void refuseOthers(String prefix, Set<String> known) {
        String start = name(prefix);
        for (String key : metadata.keys()) {
            if (key.startsWith(start) && !known.contains(key.substring(start.length()))) {
                throw new UnsupportedModelException(file + ": " + key + " is not supported");
            }
        }
    }

    GgufException bad(String key, Object value, String expected) {
        return new GgufException(file + ": " + name(key) + " is " + value + ", expected " + expected);
    }

    /** For a sound value that this engine does not compute. */
    UnsupportedModelException unsupported(String key, Object value, String supported) {
        return new UnsupportedModelException(
                file + ": " + name(key) + " " + value + " is not supported; supported is " + supported);
    }
}
