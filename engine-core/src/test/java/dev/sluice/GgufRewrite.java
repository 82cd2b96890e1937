package dev.sluice;

import dev.sluice.cpu.format.Format;
import dev.sluice.cpu.format.Formats;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The keys and tensors of a file, to be changed and written again. Integers become u32 or arrays of i32. */
final class GgufRewrite {
    /** A tensor in memory. */
    record Part(TensorType type, long[] shape, MemorySegment data) {
        int rowBytes() {
            return (int) type.bytes(shape[0]);
        }

        /** The bytes of rows {@code first} to {@code first + count}, counted over all slices. */
        byte[] rows(long first, long count) {
            return data.asSlice(first * rowBytes(), count * rowBytes()).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    final Map<String, Object> keys = new LinkedHashMap<>();
    final Map<String, Part> tensors = new LinkedHashMap<>();
    private final List<Consumer<GgufWriter>> typed = new ArrayList<>();

    GgufRewrite(GgufWriter original) {
        this(Gguf.of(MemorySegment.ofArray(original.toBytes())));
    }

    /** The file stays open as long as this is used. */
    GgufRewrite(Gguf file) {
        file.metadata()
                .keys()
                .forEach(key -> keys.put(key, file.metadata().find(key).orElseThrow()));
        for (Tensor tensor : file.tensors()) {
            tensors.put(tensor.name(), new Part(tensor.type(), tensor.shape(), tensor.data()));
        }
    }

    String architecture() {
        return (String) keys.get("general.architecture");
    }

    /** The value of an integer key of the architecture. */
    int integer(String key) {
        return Math.toIntExact((Long) keys.get(architecture() + "." + key));
    }

    /** Puts keys whose type matters; {@code putter} gets the writer and the prefix of the architecture's keys. */
    void put(BiConsumer<GgufWriter, String> putter) {
        typed.add(writer -> putter.accept(writer, architecture() + "."));
    }

    Part tensor(String name) {
        Part part = tensors.get(name);
        if (part == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + tensors.keySet());
        }
        return part;
    }

    Part remove(String name) {
        Part part = tensor(name);
        tensors.remove(name);
        return part;
    }

    void rename(String from, String to) {
        tensors.put(to, remove(from));
    }

    void put(String name, TensorType type, long[] shape, ByteArrayOutputStream data) {
        tensors.put(name, new Part(type, shape, MemorySegment.ofArray(data.toByteArray())));
    }

    void putFloats(String name, long[] shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        tensors.put(name, new Part(TensorType.F32, shape, MemorySegment.ofArray(bytes.array())));
    }

    void reshape(String name, long... shape) {
        Part part = tensor(name);
        tensors.put(name, new Part(part.type, shape, part.data));
    }

    /** Replaces a tensor by the F32 values that it stands for. */
    void decode(String name) {
        Part part = tensor(name);
        Format format = Formats.of(part.type);
        float[] values = new float[Math.toIntExact(Arrays.stream(part.shape).reduce(1, Math::multiplyExact))];
        format.decodeRow(part.data, 0, values, 0, values.length);
        putFloats(name, part.shape, values);
    }

    GgufWriter writer() {
        GgufWriter out = new GgufWriter();
        keys.forEach((key, value) -> put(out, key, value));
        typed.forEach(putter -> putter.accept(out));
        tensors.forEach((name, part) -> out.add(name, part.type, part.shape, part.data));
        return out;
    }

    byte[] toBytes() {
        return writer().toBytes();
    }

    @SuppressWarnings("unchecked")
    private static void put(GgufWriter out, String key, Object value) {
        switch (value) {
            case Long number -> out.putU32(key, number);
            case Float number -> out.putF32(key, number);
            case Boolean flag -> out.putBool(key, flag);
            case String text -> out.putString(key, text);
            case int[] numbers -> out.putInts(key, numbers);
            case float[] numbers -> out.putFloats(key, numbers);
            case boolean[] flags -> out.putBools(key, flags);
            case List<?> texts -> out.putStrings(key, (List<String>) texts);
            default -> throw new IllegalArgumentException(key + ": " + value.getClass());
        }
    }
}
