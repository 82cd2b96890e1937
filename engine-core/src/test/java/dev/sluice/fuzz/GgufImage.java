package dev.sluice.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A sound GGUF file taken apart, to be changed and put together again without any check: what comes out need not be sound.
 * Everything in it is raw bytes, so that names, texts and numbers can be what no writer would write.
 */
public final class GgufImage {
    static final int U32 = 4;
    static final int I32 = 5;
    static final int F32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int F64 = 12;
    static final int ALIGNMENT = 32;

    /** Bytes of a value of each type; of a string and an array, those in front of their contents. */
    private static final int[] BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8};

    /**
     * A key and its value.
     *
     * @param type of the value, {@link #ARRAY} for an array
     * @param elementType of what an array holds; else {@code type} again
     * @param elements of an array, or the one value
     */
    record Key(byte[] name, int type, int elementType, List<byte[]> elements) {
        String text() {
            return new String(name, StandardCharsets.UTF_8);
        }

        Key withName(byte[] name) {
            return new Key(name, type, elementType, elements);
        }

        Key withElements(List<byte[]> elements) {
            return new Key(name, type, elementType, elements);
        }

        Key withValue(byte[] value) {
            return withElements(List.of(value));
        }
    }

    /**
     * A tensor info and the data it points to.
     *
     * @param offset what the info says; null for where the data is put
     */
    record Info(byte[] name, long[] shape, int type, byte[] data, Long offset) {
        String text() {
            return new String(name, StandardCharsets.UTF_8);
        }

        Info withName(byte[] name) {
            return new Info(name, shape, type, data, offset);
        }

        Info withShape(long... shape) {
            return new Info(name, shape, type, data, offset);
        }

        Info withType(int type) {
            return new Info(name, shape, type, data, offset);
        }

        Info withData(byte[] data) {
            return new Info(name, shape, type, data, offset);
        }

        Info withOffset(long offset) {
            return new Info(name, shape, type, data, offset);
        }
    }

    /** What the bytes of a place in the file mean. */
    enum Kind {
        COUNT,
        LENGTH,
        ID,
        DIMENSION,
        OFFSET,
        NUMBER,
        TEXT
    }

    /** A place in the file that was put together last. */
    record Field(Kind kind, int at, int size) {}

    final List<Key> keys;
    final List<Info> tensors;
    final List<Field> fields = new ArrayList<>();

    private GgufImage(List<Key> keys, List<Info> tensors) {
        this.keys = new ArrayList<>(keys);
        this.tensors = new ArrayList<>(tensors);
    }

    /** Takes a sound file apart. */
    public static GgufImage of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        in.position(8);
        long tensorCount = in.getLong();
        long keyCount = in.getLong();
        GgufImage image = new GgufImage(List.of(), List.of());
        for (long i = 0; i < keyCount; i++) {
            byte[] name = bytes(in, in.getLong());
            int type = in.getInt();
            int elementType = type == ARRAY ? in.getInt() : type;
            long count = type == ARRAY ? in.getLong() : 1;
            List<byte[]> elements = new ArrayList<>();
            for (long e = 0; e < count; e++) {
                elements.add(bytes(in, elementType == STRING ? in.getLong() : BYTES[elementType]));
            }
            image.keys.add(new Key(name, type, elementType, List.copyOf(elements)));
        }
        for (long i = 0; i < tensorCount; i++) {
            byte[] name = bytes(in, in.getLong());
            long[] shape = new long[in.getInt()];
            for (int d = 0; d < shape.length; d++) {
                shape[d] = in.getLong();
            }
            image.tensors.add(new Info(name, shape, in.getInt(), null, in.getLong()));
        }
        int start = aligned(in.position());
        image.tensors.replaceAll(info -> {
            in.position(start + info.offset.intValue());
            byte[] data = bytes(in, TensorTypes.bytes(info.type, info.shape));
            return new Info(info.name, info.shape, info.type, data, null);
        });
        return image;
    }

    private static byte[] bytes(ByteBuffer in, long count) {
        byte[] bytes = new byte[Math.toIntExact(count)];
        in.get(bytes);
        return bytes;
    }

    /** Bytes of a number of a type, or of what stands in front of a string or array. */
    static int bytesOf(int type) {
        return BYTES[type];
    }

    /** A copy that can be changed by itself; keys and tensors are never changed in place. */
    GgufImage copy() {
        return new GgufImage(keys, tensors);
    }

    /** Puts the file together, and notes its {@link #fields}. */
    public byte[] toBytes() {
        fields.clear();
        ByteBuffer out = ByteBuffer.allocate(mostBytes()).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {'G', 'G', 'U', 'F'});
        number(out, Kind.ID, 3);
        number(out, Kind.COUNT, (long) tensors.size());
        number(out, Kind.COUNT, (long) keys.size());
        for (Key key : keys) {
            text(out, key.name);
            number(out, Kind.ID, key.type);
            if (key.type == ARRAY) {
                number(out, Kind.ID, key.elementType);
                number(out, Kind.COUNT, (long) key.elements.size());
            }
            for (byte[] element : key.elements) {
                if (key.elementType == STRING) {
                    text(out, element);
                } else {
                    field(out, Kind.NUMBER, element.length);
                    out.put(element);
                }
            }
        }
        long offset = 0;
        for (Info info : tensors) {
            text(out, info.name);
            number(out, Kind.COUNT, info.shape.length);
            for (long size : info.shape) {
                number(out, Kind.DIMENSION, size);
            }
            number(out, Kind.ID, info.type);
            number(out, Kind.OFFSET, info.offset != null ? info.offset : offset);
            offset += aligned(info.data.length);
        }
        out.position(aligned(out.position()));
        for (Info info : tensors) {
            out.put(info.data);
            out.position(aligned(out.position()));
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private int mostBytes() {
        int bytes = 24 + ALIGNMENT;
        for (Key key : keys) {
            bytes += 8 + key.name.length + 16;
            for (byte[] element : key.elements) {
                bytes += 8 + element.length;
            }
        }
        for (Info info : tensors) {
            bytes += 8 + info.name.length + 16 + 8 * info.shape.length + aligned(info.data.length);
        }
        return bytes;
    }

    private void field(ByteBuffer out, Kind kind, int size) {
        fields.add(new Field(kind, out.position(), size));
    }

    private void number(ByteBuffer out, Kind kind, int value) {
        field(out, kind, 4);
        out.putInt(value);
    }

    private void number(ByteBuffer out, Kind kind, long value) {
        field(out, kind, 8);
        out.putLong(value);
    }

    private void text(ByteBuffer out, byte[] text) {
        number(out, Kind.LENGTH, (long) text.length);
        field(out, Kind.TEXT, text.length);
        out.put(text);
    }

    private static int aligned(int position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
