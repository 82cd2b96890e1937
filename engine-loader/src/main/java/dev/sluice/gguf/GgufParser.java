package dev.sluice.gguf;

import static dev.sluice.gguf.GgufException.quote;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one GGUF file: header, metadata, tensor infos, and where each tensor's data is. */
final class GgufParser {
    /** What one file holds. */
    record Part(String file, long bytes, int version, int alignment, GgufMetadata metadata, List<Tensor> tensors) {}

    /** A tensor info as the file has it, checked but for the place of its data. */
    private record Info(String name, TensorType type, long[] shape, long bytes, long offset, long position) {
        String place() {
            return "tensor infos, tensor " + quote(name);
        }
    }

    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MOST_DIMENSIONS = 4;
    private static final long MOST_TENSORS = 1 << 20;
    private static final long HEADER_BYTES = 24;
    /** Length and one byte of a key, type, one byte of a value. */
    private static final long LEAST_KEY_BYTES = 8 + 1 + 4 + 1;
    /** Length and one byte of a name, number of dimensions, type, offset. */
    private static final long LEAST_INFO_BYTES = 8 + 1 + 4 + 4 + 8;

    private final String file;
    private final MemorySegment bytes;
    private final Cursor in;

    private GgufParser(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        this.in = new Cursor(file, bytes);
    }

    static Part parse(String file, MemorySegment bytes) {
        return new GgufParser(file, bytes).parse();
    }

    private Part parse() {
        Magic.check(file, bytes);
        in.readInt("magic");
        int version = readVersion();
        long tensorCount = readCount("tensor_count", LEAST_INFO_BYTES);
        if (tensorCount > MOST_TENSORS) {
            throw in.error(
                    HEADER_BYTES - 16,
                    "tensor_count is " + tensorCount + ", more than the " + MOST_TENSORS + " allowed");
        }
        long keyCount = readCount("kv_count", LEAST_KEY_BYTES);
        Map<String, Object> values = new LinkedHashMap<>();
        int alignment = DEFAULT_ALIGNMENT;
        for (long i = 0; i < keyCount; i++) {
            in.enter("metadata, key number " + i);
            long start = in.position();
            String key = in.readName("key");
            in.enter("metadata, key " + quote(key));
            ValueType type = readValueType();
            Object value = readValue(type);
            if (values.put(key, value) != null) {
                throw in.error(start, "the key is a duplicate: keys must be unique");
            }
            if (key.equals("general.alignment")) {
                alignment = checkAlignment(start, type, value);
            }
        }
        List<Info> infos = new ArrayList<>((int) tensorCount);
        Set<String> names = new HashSet<>();
        for (long i = 0; i < tensorCount; i++) {
            in.enter("tensor infos, tensor number " + i);
            Info info = readInfo(alignment);
            if (!names.add(info.name)) {
                throw in.error(info.position, "the tensor name is a duplicate: names must be unique");
            }
            infos.add(info);
        }
        List<Tensor> tensors = place(infos, alignment);
        return new Part(file, bytes.byteSize(), version, alignment, new GgufMetadata(file, values), tensors);
    }

    private int readVersion() {
        long start = in.position();
        int version = in.readInt("version");
        if ((version & 0xFFFF) == 0) {
            throw in.error(
                    start,
                    "the version reads " + Integer.toUnsignedString(version)
                            + ": this is a big-endian GGUF file, and only little-endian ones are supported");
        }
        if (!Gguf.VERSIONS.contains(version)) {
            throw in.error(
                    start,
                    "GGUF version " + Integer.toUnsignedString(version) + " is not supported, only versions "
                            + Gguf.VERSIONS.stream().map(String::valueOf).collect(Collectors.joining(" and ")));
        }
        return version;
    }

    private long readCount(String what, long leastBytes) {
        long start = in.position();
        long count = in.readLong(what);
        if (count < 0) {
            throw in.error(start, what + " is negative: " + count);
        }
        if (count > in.remaining() / leastBytes) {
            throw in.tooShort(start, what + " is " + count + " at " + leastBytes + " bytes or more each");
        }
        return count;
    }

    private ValueType readValueType() {
        long start = in.position();
        int id = in.readInt("value type");
        return ValueType.ofId(id)
                .orElseThrow(() ->
                        in.error(start, "unknown value type " + Integer.toUnsignedString(id) + ", expected 0 to 12"));
    }

    /** A value in the form that {@link GgufMetadata#find} documents. */
    private Object readValue(ValueType type) {
        return switch (type) {
            case U8 -> (long) in.readUnsignedByte("u8 value");
            case I8 -> (long) (byte) in.readUnsignedByte("i8 value");
            case U16 -> (long) (in.readShort("u16 value") & 0xFFFF);
            case I16 -> (long) in.readShort("i16 value");
            case U32 -> Integer.toUnsignedLong(in.readInt("u32 value"));
            case I32 -> (long) in.readInt("i32 value");
            case U64 -> unsigned(in.readLong("u64 value"));
            case I64 -> in.readLong("i64 value");
            case F32 -> in.readFloat("f32 value");
            case F64 -> in.readDouble("f64 value");
            case BOOL -> readBool();
            case STRING -> in.readText("string value");
            case ARRAY -> readArray();
        };
    }

    private static Object unsigned(long value) {
        return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
    }

    private boolean readBool() {
        long start = in.position();
        int value = in.readUnsignedByte("bool value");
        if (value > 1) {
            throw in.error(start, "a bool value is " + value + ", expected 0 or 1");
        }
        return value == 1;
    }

    private Object readArray() {
        long start = in.position();
        ValueType type = readValueType();
        if (type == ValueType.ARRAY) {
            throw in.error(start, "arrays of arrays are not supported");
        }
        long countStart = in.position();
        long count = in.readLong("array count");
        if (count < 0 || count > in.remaining() / type.leastBytes()) {
            throw in.tooShort(
                    countStart,
                    "the array has " + Long.toUnsignedString(count) + " elements of type " + type + " at "
                            + type.leastBytes() + " bytes or more each");
        }
        int n = Math.toIntExact(count);
        return switch (type) {
            case U8, I8, U16, I16 -> readSmallInts(type, n);
            case I32 -> in.readSlice(n, Cursor.INT, "array").toArray(Cursor.INT);
            case U32 ->
                Arrays.stream(in.readSlice(n, Cursor.INT, "array").toArray(Cursor.INT))
                        .mapToLong(Integer::toUnsignedLong)
                        .toArray();
            case I64 -> in.readSlice(n, Cursor.LONG, "array").toArray(Cursor.LONG);
            case U64 -> {
                long first = in.position();
                long[] values = in.readSlice(n, Cursor.LONG, "array").toArray(Cursor.LONG);
                for (int i = 0; i < n; i++) {
                    if (values[i] < 0) {
                        throw in.error(first + 8L * i, "a u64 in an array is above the 2^63 - 1 that are supported");
                    }
                }
                yield values;
            }
            case F32 -> in.readSlice(n, Cursor.FLOAT, "array").toArray(Cursor.FLOAT);
            case F64 -> in.readSlice(n, Cursor.DOUBLE, "array").toArray(Cursor.DOUBLE);
            case BOOL -> {
                boolean[] values = new boolean[n];
                for (int i = 0; i < n; i++) {
                    values[i] = readBool();
                }
                yield values;
            }
            case STRING -> {
                String[] values = new String[n];
                for (int i = 0; i < n; i++) {
                    values[i] = in.readText("string in an array");
                }
                yield List.of(values);
            }
            case ARRAY -> throw new IllegalStateException("refused above");
        };
    }

    private int[] readSmallInts(ValueType type, int n) {
        int[] values = new int[n];
        for (int i = 0; i < n; i++) {
            values[i] = ((Long) readValue(type)).intValue();
        }
        return values;
    }

    private int checkAlignment(long start, ValueType type, Object value) {
        if (type != ValueType.U32) {
            throw in.error(start, "the alignment is of type " + type + ", expected u32");
        }
        long alignment = (Long) value;
        if (Long.bitCount(alignment) != 1 || alignment > 1 << 30) {
            throw in.error(start, "the alignment is " + alignment + ", expected a power of two up to 2^30");
        }
        return (int) alignment;
    }

    private Info readInfo(int alignment) {
        long start = in.position();
        String name = in.readName("tensor name");
        in.enter("tensor infos, tensor " + quote(name));
        long dimensionsStart = in.position();
        int dimensions = in.readInt("number of dimensions");
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            throw in.error(
                    dimensionsStart,
                    Integer.toUnsignedString(dimensions) + " dimensions, expected 0 to " + MOST_DIMENSIONS);
        }
        long[] shape = new long[dimensions];
        long elements = 1;
        for (int i = 0; i < dimensions; i++) {
            long sizeStart = in.position();
            shape[i] = in.readLong("size of dimension " + i);
            if (shape[i] <= 0) {
                throw in.error(
                        sizeStart,
                        "the size of dimension " + i + " is " + (shape[i] == 0 ? "zero" : "negative: " + shape[i])
                                + ", expected 1 or more");
            }
            if (Math.multiplyHigh(elements, shape[i]) != 0 || elements * shape[i] < 0) {
                throw in.error(sizeStart, "the number of elements overflows, shape " + Arrays.toString(shape));
            }
            elements *= shape[i];
        }
        TensorType type = readTensorType();
        long row = dimensions == 0 ? 1 : shape[0];
        if (row % type.blockLength() != 0) {
            throw in.error(
                    start,
                    "rows of " + row + " elements are not a multiple of the block of " + type.blockLength()
                            + " elements of type " + type);
        }
        long size;
        try {
            size = type.bytes(elements);
        } catch (ArithmeticException e) {
            throw in.error(start, "the number of bytes overflows, shape " + Arrays.toString(shape) + " of " + type);
        }
        long offsetStart = in.position();
        long offset = in.readLong("data offset");
        if (offset % alignment != 0) {
            throw in.error(
                    offsetStart,
                    "the data offset " + Long.toUnsignedString(offset) + " is not a multiple of the alignment "
                            + alignment);
        }
        return new Info(name, type, shape, size, offset, start);
    }

    private TensorType readTensorType() {
        long start = in.position();
        int id = in.readInt("tensor type");
        return TensorType.ofId(id)
                .orElseThrow(() -> in.error(
                        start,
                        TensorType.isRetired(id)
                                ? "tensor type " + id + " is retired: no file should have it any more"
                                : "unknown tensor type " + Integer.toUnsignedString(id)));
    }

    /** Checks that every tensor's data is inside the file and no one else's, and makes the views. */
    private List<Tensor> place(List<Info> infos, int alignment) {
        long dataStart = Math.ceilDiv(in.position(), alignment) * alignment;
        long dataBytes = Math.max(0, bytes.byteSize() - dataStart);
        List<Tensor> tensors = new ArrayList<>(infos.size());
        for (Info info : infos) {
            if (info.offset < 0 || info.offset > dataBytes || info.bytes > dataBytes - info.offset) {
                in.enter(info.place());
                throw in.error(
                        info.position,
                        "its data (" + info.bytes + " bytes at " + Long.toUnsignedString(info.offset)
                                + " of the tensor data, which starts at " + dataStart
                                + ") is outside the file, which has " + bytes.byteSize()
                                + " bytes: it is truncated or damaged");
            }
            tensors.add(
                    new Tensor(info.name, info.type, info.shape, bytes.asSlice(dataStart + info.offset, info.bytes)));
        }
        Info previous = null;
        for (Info info :
                infos.stream().sorted(Comparator.comparingLong(Info::offset)).toList()) {
            if (previous != null && info.offset < previous.offset + previous.bytes) {
                in.enter(info.place());
                throw in.error(
                        info.position,
                        "its data at " + info.offset + " overlaps that of tensor " + quote(previous.name)
                                + ", which has " + previous.bytes + " bytes at " + previous.offset);
            }
            previous = info;
        }
        return tensors;
    }
}
