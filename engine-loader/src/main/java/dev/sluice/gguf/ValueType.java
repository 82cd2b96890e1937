package dev.sluice.gguf;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The types of metadata values; the identifier in a file is the ordinal. */
enum ValueType {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    F32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    U64(8),
    I64(8),
    F64(8);

    private final int leastBytes;

    ValueType(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    int id() {
        return ordinal();
    }

    /** The bytes of a value, or for a string and an array those of an empty one. */
    int leastBytes() {
        return leastBytes;
    }

    static Optional<ValueType> ofId(int id) {
        return Arrays.stream(values()).filter(t -> t.id() == id).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
