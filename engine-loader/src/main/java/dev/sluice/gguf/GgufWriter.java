package dev.sluice.gguf;

import static dev.sluice.gguf.GgufException.quote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF files of version 3. Keys and tensors are written in the order in which they were added. The data of a
 * tensor is asked for when its turn comes and goes straight to the file, so a file can be larger than memory.
 *
 * <p>What cannot be a GGUF file is refused with {@link IllegalArgumentException} when it is added. Not safe for use by
 * several threads.
 */
public final class GgufWriter {
    /** Writes the data of one tensor: exactly as many bytes as its type and shape say. Called once for each file. */
    @FunctionalInterface
    public interface Data {
        /**
         * Writes the data, blocks in the order of the elements, numbers little-endian. The stream stays the writer's:
         * closing it is not needed and does nothing.
         *
         * @param out where to write
         * @throws IOException if the data cannot be read or written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int CHUNK = 1 << 20;

    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private final Map<String, GgufOutput.Entry> tensors = new LinkedHashMap<>();
    private int alignment = 32;

    /** An empty file, to be filled. */
    public GgufWriter() {}

    /**
     * Writes {@code general.alignment}: a power of two from 1 to 2^30. Without this call it is 32 and no key says so.
     *
     * @param alignment bytes whose multiples tensors start at
     * @return this writer
     */
    public GgufWriter alignment(int alignment) {
        if (Integer.bitCount(alignment) != 1 || alignment < 0) {
            throw new IllegalArgumentException("alignment " + alignment + ", expected a power of two up to 2^30");
        }
        this.alignment = alignment;
        return put("general.alignment", ValueType.U32, alignment);
    }

    /**
     * Puts an integer of 8 bits. Here as in all others, a second value for a key replaces the first, and a value that
     * does not fit in the type is refused.
     *
     * @param key not empty
     * @param value from 0 to 255
     * @return this writer
     */
    public GgufWriter putU8(String key, int value) {
        return put(key, ValueType.U8, value);
    }

    /**
     * Puts an integer of 8 bits, signed.
     *
     * @param key not empty
     * @param value from -128 to 127
     * @return this writer
     */
    public GgufWriter putI8(String key, int value) {
        return put(key, ValueType.I8, value);
    }

    /**
     * Puts an integer of 16 bits.
     *
     * @param key not empty
     * @param value from 0 to 65535
     * @return this writer
     */
    public GgufWriter putU16(String key, int value) {
        return put(key, ValueType.U16, value);
    }

    /**
     * Puts an integer of 16 bits, signed.
     *
     * @param key not empty
     * @param value from -32768 to 32767
     * @return this writer
     */
    public GgufWriter putI16(String key, int value) {
        return put(key, ValueType.I16, value);
    }

    /**
     * Puts an integer of 32 bits.
     *
     * @param key not empty
     * @param value from 0 to 2^32 - 1
     * @return this writer
     */
    public GgufWriter putU32(String key, long value) {
        return put(key, ValueType.U32, value);
    }

    /**
     * Puts an integer of 32 bits, signed.
     *
     * @param key not empty
     * @param value any
     * @return this writer
     */
    public GgufWriter putI32(String key, int value) {
        return put(key, ValueType.I32, value);
    }

    /**
     * Puts an integer of 64 bits.
     *
     * @param key not empty
     * @param value all 64 bits count: a negative value stands for itself plus 2^64
     * @return this writer
     */
    public GgufWriter putU64(String key, long value) {
        return put(key, ValueType.U64, value);
    }

    /**
     * Puts an integer of 64 bits, signed.
     *
     * @param key not empty
     * @param value any
     * @return this writer
     */
    public GgufWriter putI64(String key, long value) {
        return put(key, ValueType.I64, value);
    }

    /**
     * Puts a float of 32 bits.
     *
     * @param key not empty
     * @param value any, NaN and infinities included
     * @return this writer
     */
    public GgufWriter putF32(String key, float value) {
        return put(key, ValueType.F32, value);
    }

    /**
     * Puts a float of 64 bits.
     *
     * @param key not empty
     * @param value any, NaN and infinities included
     * @return this writer
     */
    public GgufWriter putF64(String key, double value) {
        return put(key, ValueType.F64, value);
    }

    /**
     * Puts a truth value.
     *
     * @param key not empty
     * @param value written as one byte, 1 or 0
     * @return this writer
     */
    public GgufWriter putBool(String key, boolean value) {
        return put(key, ValueType.BOOL, value);
    }

    /**
     * Puts a text.
     *
     * @param key not empty
     * @param value written as UTF-8; may be empty
     * @return this writer
     */
    public GgufWriter putString(String key, String value) {
        return put(key, ValueType.STRING, value);
    }

    /**
     * Puts an array of i32.
     *
     * @param key not empty
     * @param values copied; may be empty
     * @return this writer
     */
    public GgufWriter putInts(String key, int... values) {
        return putArray(key, ValueType.I32, Arrays.stream(values).boxed().toList());
    }

    /**
     * Puts an array of u32.
     *
     * @param key not empty
     * @param values each from 0 to 2^32 - 1; copied, may be empty
     * @return this writer
     */
    public GgufWriter putU32s(String key, long... values) {
        return putArray(key, ValueType.U32, Arrays.stream(values).boxed().toList());
    }

    /**
     * Puts an array of f32.
     *
     * @param key not empty
     * @param values copied; may be empty
     * @return this writer
     */
    public GgufWriter putFloats(String key, float... values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return putArray(key, ValueType.F32, list);
    }

    /**
     * Puts an array of truth values.
     *
     * @param key not empty
     * @param values copied; may be empty
     * @return this writer
     */
    public GgufWriter putBools(String key, boolean... values) {
        List<Boolean> list = new ArrayList<>(values.length);
        for (boolean value : values) {
            list.add(value);
        }
        return putArray(key, ValueType.BOOL, list);
    }

    /**
     * Puts an array of texts.
     *
     * @param key not empty
     * @param values written as UTF-8; copied, may be empty
     * @return this writer
     */
    public GgufWriter putStrings(String key, List<String> values) {
        return putArray(key, ValueType.STRING, values);
    }

    /** Any one value; {@code value} is a {@link Number}, {@link Boolean} or {@link String}. */
    GgufWriter put(String key, ValueType type, Object value) {
        LittleEndian out = new LittleEndian();
        out.putInt(type.id());
        out.putValue(type, value);
        return putEncoded(key, out);
    }

    /** Any array, the elements as in {@link #put}. */
    GgufWriter putArray(String key, ValueType type, List<?> elements) {
        LittleEndian out = new LittleEndian();
        out.putInt(ValueType.ARRAY.id());
        out.putInt(type.id());
        out.putLong(elements.size());
        elements.forEach(e -> out.putValue(type, e));
        return putEncoded(key, out);
    }

    private GgufWriter putEncoded(String key, LittleEndian value) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("empty key");
        }
        values.put(key, value.toByteArray());
        return this;
    }

    /**
     * Adds a tensor whose data is written when its turn comes.
     *
     * @param shape {@code ne[0]}, the contiguous size, first; up to 4 sizes of 1 or more; none for a scalar
     * @param name not empty, and not that of a tensor added before
     * @param type decides how many bytes the data has; {@code ne[0]} is a multiple of its block
     * @param data kept, and called once for each file written
     * @return this writer
     */
    public GgufWriter add(String name, TensorType type, long[] shape, Data data) {
        if (name.isEmpty() || shape.length > 4 || Arrays.stream(shape).anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("tensor " + quote(name) + " of shape " + Arrays.toString(shape)
                    + ", expected a name and up to 4 sizes of 1 or more");
        }
        if (shape.length > 0 && shape[0] % type.blockLength() != 0) {
            throw new IllegalArgumentException("tensor " + quote(name) + ": rows of " + shape[0]
                    + " are not a multiple of the block of " + type.blockLength() + " elements of type " + type);
        }
        long bytes = type.bytes(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        if (tensors.putIfAbsent(name, new GgufOutput.Entry(name, type, shape.clone(), bytes, data)) != null) {
            throw new IllegalArgumentException("tensor " + quote(name) + " is there already");
        }
        return this;
    }

    /**
     * Adds a tensor whose data is in memory.
     *
     * @param name not empty, and not that of a tensor added before
     * @param type decides how many bytes the data has; {@code ne[0]} is a multiple of its block
     * @param shape as in {@link #add(String, TensorType, long[], Data)}
     * @param data exactly as many bytes as type and shape say; the caller's, to be left as it is until the file is
     *     written
     * @return this writer
     */
    public GgufWriter add(String name, TensorType type, long[] shape, MemorySegment data) {
        add(name, type, shape, out -> copy(data, out));
        long bytes = tensors.get(name).bytes();
        if (data.byteSize() != bytes) {
            tensors.remove(name);
            throw new IllegalArgumentException(
                    "tensor " + quote(name) + ": " + data.byteSize() + " bytes of data, expected " + bytes);
        }
        return this;
    }

    /**
     * Adds an F32 tensor.
     *
     * @param name not empty, and not that of a tensor added before
     * @param shape as in {@link #add(String, TensorType, long[], Data)}
     * @param data as many as the product of the sizes; copied
     * @return this writer
     */
    public GgufWriter add(String name, long[] shape, float... data) {
        LittleEndian out = new LittleEndian();
        for (float value : data) {
            out.putInt(Float.floatToRawIntBits(value));
        }
        return add(name, TensorType.F32, shape, MemorySegment.ofArray(out.toByteArray()));
    }

    private static void copy(MemorySegment data, OutputStream out) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            out.write(data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /**
     * Writes one file. It appears under its name only when it is complete; a file of that name is replaced then.
     *
     * @param path in a directory that exists
     * @throws IllegalStateException if the data of a tensor is longer or shorter than its type and shape say
     * @throws IOException if the file cannot be written
     */
    public void write(Path path) throws IOException {
        new GgufOutput(values, tensors.values(), alignment).write(path);
    }

    /** {@return the whole file, for small ones} */
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new GgufOutput(values, tensors.values(), alignment).writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Writes one file for each element of {@code tensorsPerPart}, with that many tensors (the first may have none),
     * named {@code <prefix>-00001-of-<count>.gguf} and so on, in {@code directory}.
     *
     * @param directory where the files go; it exists
     * @param prefix what their names begin with
     * @param tensorsPerPart their sum is the number of tensors added
     * @return the files, the one to open first
     * @throws IOException if a file cannot be written
     */
    public List<Path> writeSplit(Path directory, String prefix, int... tensorsPerPart) throws IOException {
        if (Arrays.stream(tensorsPerPart).sum() != tensors.size()) {
            throw new IllegalArgumentException(
                    "parts of " + Arrays.toString(tensorsPerPart) + " tensors, but there are " + tensors.size());
        }
        List<GgufOutput.Entry> all = List.copyOf(tensors.values());
        List<Path> paths = new ArrayList<>();
        int from = 0;
        for (int no = 0; no < tensorsPerPart.length; no++) {
            GgufWriter keys = new GgufWriter();
            if (no == 0) {
                keys.values.putAll(values);
            } else if (values.containsKey("general.alignment")) {
                keys.alignment(alignment);
            }
            keys.putU16(SplitFiles.NO, no);
            keys.putU16(SplitFiles.COUNT, tensorsPerPart.length);
            keys.putI32(SplitFiles.TENSORS, all.size());
            Path path = directory.resolve(SplitFiles.name(prefix, no, tensorsPerPart.length));
            int to = from + tensorsPerPart[no];
            new GgufOutput(keys.values, all.subList(from, to), alignment).write(path);
            from = to;
            paths.add(path);
        }
        return paths;
    }
}
