package dev.sluice.gguf;

import static dev.sluice.gguf.GgufException.quote;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The keys and values of a GGUF file. Writers disagree on the types of the same key, so an integer is asked for by the
 * range it must have, not by the type it was written with; but a float is never taken for an integer, nor the reverse.
 *
 * <p>A {@code get} throws {@link GgufException} where the key is missing; a {@code find} gives an empty result. Both throw
 * where the value is there and is not what was asked for.
 *
 * <p>Immutable and safe to share between threads; arrays are handed out as copies.
 */
public final class GgufMetadata {
    private final String file;
    private final Map<String, Object> values;

    GgufMetadata(String file, Map<String, Object> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    /** {@return every key, in the order of the file} */
    public Set<String> keys() {
        return values.keySet();
    }

    /**
     * {@return whether the file has this key}
     *
     * @param key the whole key, architecture prefix included
     */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /**
     * {@return the value as it is held; empty if there is none} Every integer is a {@link Long}
     * ({@link java.math.BigInteger} for a u64 of 2^63 or more); {@link Float} and {@link Double}, {@link Boolean},
     * {@link String} (bytes that were not UTF-8 are U+FFFD); and for arrays {@code int[]} (8 and 16 bits, i32),
     * {@code long[]} (u32 and 64 bits), {@code float[]}, {@code double[]}, {@code boolean[]}, {@code List<String>}.
     *
     * @param key the whole key
     */
    public Optional<Object> find(String key) {
        return Optional.ofNullable(values.get(key)).map(GgufMetadata::copy);
    }

    private static Object copy(Object value) {
        return switch (value) {
            case int[] a -> a.clone();
            case long[] a -> a.clone();
            case float[] a -> a.clone();
            case double[] a -> a.clone();
            case boolean[] a -> a.clone();
            default -> value;
        };
    }

    /**
     * {@return a string}
     *
     * @param key the whole key
     */
    public String getString(String key) {
        return findString(key).orElseThrow(() -> missing(key, "a string"));
    }

    /**
     * {@return a string}
     *
     * @param key the whole key
     */
    public Optional<String> findString(String key) {
        return find(key, String.class, "a string");
    }

    /**
     * {@return an integer of any type}
     *
     * @param key the whole key
     */
    public long getLong(String key) {
        return findLong(key).orElseThrow(() -> missing(key, "an integer"));
    }

    /**
     * {@return an integer of any type}
     *
     * @param key the whole key
     */
    public OptionalLong findLong(String key) {
        Optional<Long> value = find(key, Long.class, "an integer below 2^63");
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    /**
     * {@return an integer of any type, within the range of an {@code int}}
     *
     * @param key the whole key
     */
    public int getInt(String key) {
        return findInt(key).orElseThrow(() -> missing(key, "an integer"));
    }

    /**
     * {@return an integer of any type, within the range of an {@code int}}
     *
     * @param key the whole key
     */
    public OptionalInt findInt(String key) {
        OptionalLong value = findLong(key);
        return value.isPresent() ? OptionalInt.of(toInt(key, value.getAsLong())) : OptionalInt.empty();
    }

    /**
     * {@return an f32, or an f64 rounded to the nearest f32}
     *
     * @param key the whole key
     */
    public float getFloat(String key) {
        return (float) getDouble(key);
    }

    /**
     * {@return an f32 or f64}
     *
     * @param key the whole key
     */
    public double getDouble(String key) {
        return findFloat(key).orElseThrow(() -> missing(key, "a float"));
    }

    /**
     * {@return an f32 or f64}
     *
     * @param key the whole key
     */
    public OptionalDouble findFloat(String key) {
        return switch (values.get(key)) {
            case null -> OptionalDouble.empty();
            case Float v -> OptionalDouble.of(v);
            case Double v -> OptionalDouble.of(v);
            case Object v -> throw wrong(key, v, "a float");
        };
    }

    /**
     * {@return a bool}
     *
     * @param key the whole key
     */
    public Optional<Boolean> findBool(String key) {
        return find(key, Boolean.class, "a bool");
    }

    /**
     * {@return {@code n} integers, one for each layer: an array of exactly that many, or one integer that holds for
     * all}
     *
     * @param key the whole key
     * @param n number of layers
     */
    public int[] getIntOrArray(String key, int n) {
        return findIntOrArray(key, n).orElseThrow(() -> missing(key, "an integer or an array of " + n + " integers"));
    }

    /**
     * {@return what {@link #getIntOrArray} gives; empty where the key is missing}
     *
     * @param key the whole key
     * @param n number of layers
     */
    public Optional<int[]> findIntOrArray(String key, int n) {
        Object value = values.get(key);
        Optional<int[]> ints = findInts(key);
        if (value instanceof Long) {
            int[] repeated = new int[n];
            Arrays.fill(repeated, ints.orElseThrow()[0]);
            return Optional.of(repeated);
        }
        if (ints.isPresent() && ints.get().length != n) {
            throw wrong(key, value, "an integer or an array of " + n + " integers");
        }
        return ints;
    }

    /**
     * {@return an array of integers of any type, each within the range of an {@code int}; one integer gives an array of
     * it}
     *
     * @param key the whole key
     */
    public Optional<int[]> findInts(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case Long v -> Optional.of(new int[] {toInt(key, v)});
            case int[] v -> Optional.of(v.clone());
            case long[] v ->
                Optional.of(LongStream.of(v).mapToInt(x -> toInt(key, x)).toArray());
            case Object v -> throw wrong(key, v, "an array of integers");
        };
    }

    /**
     * {@return an array of f32}
     *
     * @param key the whole key
     */
    public Optional<float[]> findFloats(String key) {
        return find(key, float[].class, "an array of f32").map(float[]::clone);
    }

    /**
     * {@return an array of bools}
     *
     * @param key the whole key
     */
    public Optional<boolean[]> findBools(String key) {
        return find(key, boolean[].class, "an array of bools").map(boolean[]::clone);
    }

    /**
     * {@return an array of strings; the list cannot be modified}
     *
     * @param key the whole key
     */
    public Optional<List<String>> findStrings(String key) {
        // The parser makes no other lists than those of strings.
        return find(key, List.class, "an array of strings").map(list -> {
            @SuppressWarnings("unchecked")
            List<String> strings = list;
            return strings;
        });
    }

    private <T> Optional<T> find(String key, Class<T> type, String expected) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw wrong(key, value, expected);
        }
        return Optional.ofNullable(type.cast(value));
    }

    private int toInt(String key, long value) {
        if (value != (int) value) {
            throw wrong(key, value, "an integer from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private GgufException missing(String key, String expected) {
        return new GgufException(file + ": key " + quote(key) + " is missing, expected " + expected);
    }

    private GgufException wrong(String key, Object value, String expected) {
        String is =
                switch (value) {
                    case String s -> "the string " + quote(s);
                    case Boolean b -> "the bool " + b;
                    case Float f -> "the float " + f;
                    case Double d -> "the float " + d;
                    case Number n -> "the integer " + n;
                    case List<?> list -> "an array of " + list.size() + " strings";
                    default ->
                        "an array of " + Array.getLength(value) + " "
                                + value.getClass().getComponentType() + "s";
                };
        return new GgufException(file + ": key " + quote(key) + " is " + is + ", expected " + expected);
    }
}
