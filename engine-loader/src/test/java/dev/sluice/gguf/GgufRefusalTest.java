package dev.sluice.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a file can be wrong has a message of its own. */
class GgufRefusalTest {
    private static final int F32 = 0;

    @TempDir
    private Path directory;

    /** Asserts that these bytes are refused with these words. */
    private static void refused(byte[] file, String... words) {
        assertThatThrownBy(() -> Gguf.of(MemorySegment.ofArray(file)))
                .isInstanceOf(GgufException.class)
                .hasMessageStartingWith("memory: ")
                .hasMessageContainingAll(words);
    }

    private static byte[] file(int version, long tensors, long keys, Consumer<LittleEndian> rest) {
        LittleEndian out = new LittleEndian();
        out.writeBytes(new byte[] {'G', 'G', 'U', 'F'});
        out.putInt(version);
        out.putLong(tensors);
        out.putLong(keys);
        rest.accept(out);
        return out.toByteArray();
    }

    /** A file with a key {@code k} whose type and value {@code value} writes. */
    private static byte[] fileWithKey(String key, Consumer<LittleEndian> value) {
        return file(3, 0, 1, out -> {
            out.putString(key);
            value.accept(out);
            out.writeBytes(new byte[32]);
        });
    }

    private static void info(LittleEndian out, String name, int type, long offset, long... shape) {
        out.putString(name);
        out.putInt(shape.length);
        for (long size : shape) {
            out.putLong(size);
        }
        out.putInt(type);
        out.putLong(offset);
    }

    /** A file with one tensor {@code t} and 1024 bytes or so of data. */
    private static byte[] fileWithTensor(int type, long offset, long... shape) {
        return file(3, 1, 0, out -> {
            info(out, "t", type, offset, shape);
            out.writeBytes(new byte[1024]);
        });
    }

    @Test
    void notGguf() throws IOException {
        refused(new byte[0], "empty", "not a GGUF file");
        refused(
                "version https://git-lfs".getBytes(StandardCharsets.UTF_8),
                "not a GGUF file",
                "version https://",
                "76 65");
        refused(new byte[] {'P', 'K'}, "not a GGUF file", "PK", "50 4b");
        refused(new byte[] {'G', 'G'}, "header", "offset 0", "magic", "only 2 bytes", "truncated");
        Path text = directory.resolve("model.txt");
        Files.writeString(text, "<!DOCTYPE html>");
        assertThatThrownBy(() -> Gguf.open(text))
                .isInstanceOf(GgufException.class)
                .hasMessageContainingAll("model.txt", "not a GGUF file", "<!DOCTYPE html>");
        Path empty = Files.createFile(directory.resolve("empty.gguf"));
        assertThatThrownBy(() -> Gguf.open(empty))
                .isInstanceOf(GgufException.class)
                .hasMessageContainingAll("empty.gguf", "empty");
    }

    @Test
    void noFile() {
        assertThatThrownBy(() -> Gguf.open(directory.resolve("none.gguf")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none.gguf");
        assertThatThrownBy(() -> Gguf.open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void versions() {
        refused(file(1, 0, 0, out -> {}), "offset 4", "version 1", "2 and 3");
        refused(file(4, 0, 0, out -> {}), "version 4", "2 and 3");
        refused(file(-1, 0, 0, out -> {}), "version 4294967295");
        refused(file(Integer.reverseBytes(3), 0, 0, out -> {}), "big-endian", "little-endian");
    }

    @Test
    void counts() {
        refused(file(3, -1, 0, out -> {}), "tensor_count", "negative", "-1", "offset 8");
        refused(file(3, 0, -5, out -> {}), "kv_count", "negative", "-5", "offset 16");
        refused(file(3, 1L << 60, 0, out -> {}), "tensor_count", "1152921504606846976", "only 8 bytes", "truncated");
        refused(file(3, 0, 1L << 60, out -> {}), "kv_count", "1152921504606846976", "only 0 bytes", "truncated");
        byte[] room = new byte[25 << 20];
        refused(file(3, (1 << 20) - 1, 0, out -> out.writeBytes(room)), "tensor number 0", "name is empty");
        refused(
                file(3, (1 << 20) + 1, 0, out -> out.writeBytes(new byte[26 << 20])),
                "tensor_count",
                "1048577",
                "1048576");
    }

    @Test
    void keys() {
        refused(fileWithKey("", out -> out.putInt(0)), "metadata, key number 0", "offset 24", "key is empty");
        refused(
                file(3, 0, 2, out -> {
                    for (int i = 0; i < 2; i++) {
                        out.putString("same");
                        out.putInt(ValueType.U8.id());
                        out.write(0);
                    }
                }),
                "\"same\"",
                "duplicate");
        refused(
                file(3, 0, 1, out -> {
                    out.putLong(2);
                    out.writeBytes(new byte[] {'a', (byte) 0xFF});
                    out.writeBytes(new byte[32]);
                }),
                "key number 0",
                "not valid UTF-8");
        refused(
                file(3, 0, 1, out -> {
                    out.putLong(1L << 40);
                    out.writeBytes(new byte[32]);
                }),
                "key number 0",
                "1099511627776 bytes",
                "only 32",
                "truncated");
        refused(
                file(3, 0, 1, out -> {
                    out.putLong(-1);
                    out.writeBytes(new byte[32]);
                }),
                "18446744073709551615 bytes",
                "truncated");
    }

    @Test
    void values() {
        refused(fileWithKey("k", out -> out.putInt(13)), "\"k\"", "unknown value type 13", "0 to 12");
        refused(fileWithKey("k", out -> out.putInt(-1)), "unknown value type 4294967295");
        refused(
                fileWithKey("k", out -> {
                    out.putInt(ValueType.BOOL.id());
                    out.write(2);
                }),
                "\"k\"",
                "bool",
                "is 2",
                "0 or 1");
        refused(
                fileWithKey("k", out -> {
                    out.putInt(ValueType.STRING.id());
                    out.putLong(1L << 40);
                }),
                "\"k\"",
                "string",
                "1099511627776",
                "truncated");
    }

    @Test
    void arrays() {
        refused(fileWithKey("k", out -> array(out, 9, 1)), "\"k\"", "arrays of arrays");
        refused(fileWithKey("k", out -> array(out, 77, 1)), "\"k\"", "unknown value type 77");
        refused(
                fileWithKey("k", out -> {
                    array(out, ValueType.BOOL.id(), 2);
                    out.write(1);
                    out.write(9);
                }),
                "\"k\"",
                "bool",
                "is 9",
                "0 or 1");
        refused(
                fileWithKey("k", out -> {
                    array(out, ValueType.U64.id(), 1);
                    out.putLong(-1);
                }),
                "\"k\"",
                "u64",
                "2^63");
        for (ValueType type : ValueType.values()) {
            if (type != ValueType.ARRAY) {
                for (long count : new long[] {33, 1L << 31, 1L << 60, 1L << 63, -1}) {
                    refused(
                            fileWithKey("k", out -> array(out, type.id(), count)),
                            "\"k\"",
                            Long.toUnsignedString(count) + " elements of type " + type,
                            "only 32 bytes",
                            "truncated");
                }
            }
        }
    }

    private static void array(LittleEndian out, int type, long count) {
        out.putInt(ValueType.ARRAY.id());
        out.putInt(type);
        out.putLong(count);
    }

    @Test
    void alignments() {
        for (long alignment : new long[] {0, 3, 48, 0x80000000L, 0xFFFFFFFFL}) {
            refused(
                    fileWithKey("general.alignment", out -> {
                        out.putInt(ValueType.U32.id());
                        out.putInt((int) alignment);
                    }),
                    "general.alignment",
                    "alignment is " + alignment,
                    "power of two");
        }
        refused(
                fileWithKey("general.alignment", out -> {
                    out.putInt(ValueType.U64.id());
                    out.putLong(32);
                }),
                "general.alignment",
                "type u64",
                "expected u32");
        refused(
                fileWithKey("general.alignment", out -> {
                    out.putInt(ValueType.STRING.id());
                    out.putString("32");
                }),
                "general.alignment",
                "type string",
                "expected u32");
    }

    @Test
    void tensorNames() {
        refused(
                file(3, 2, 0, out -> {
                    info(out, "same", F32, 0, 8);
                    info(out, "same", F32, 32, 8);
                    out.writeBytes(new byte[128]);
                }),
                "\"same\"",
                "duplicate");
        refused(
                file(3, 1, 0, out -> {
                    info(out, "", F32, 0, 8);
                    out.writeBytes(new byte[128]);
                }),
                "tensor number 0",
                "tensor name is empty");
        refused(
                file(3, 1, 0, out -> {
                    out.putLong(1);
                    out.write(0x80);
                    out.writeBytes(new byte[128]);
                }),
                "tensor number 0",
                "tensor name is not valid UTF-8");
    }

    @Test
    void shapes() {
        refused(fileWithTensor(F32, 0, 1, 1, 1, 1, 1), "\"t\"", "5 dimensions", "0 to 4");
        refused(
                file(3, 1, 0, out -> {
                    out.putString("t");
                    out.putInt(-1);
                    out.writeBytes(new byte[64]);
                }),
                "\"t\"",
                "4294967295 dimensions",
                "0 to 4");
        refused(fileWithTensor(F32, 0, 8, -2), "\"t\"", "dimension 1", "negative: -2");
        refused(fileWithTensor(F32, 0, 8, 0), "\"t\"", "dimension 1", "zero");
        refused(fileWithTensor(F32, 0, 1L << 32, 1L << 31), "\"t\"", "number of elements overflows");
        refused(fileWithTensor(F32, 0, 1L << 40, 1L << 40), "\"t\"", "number of elements overflows");
        refused(fileWithTensor(F32, 0, 1L << 61), "\"t\"", "number of bytes overflows");
        refused(fileWithTensor(TensorType.Q4_K.id(), 0, 255), "\"t\"", "255", "multiple of the block of 256", "Q4_K");
        refused(fileWithTensor(TensorType.Q8_0.id(), 0, 16, 2), "\"t\"", "16", "multiple of the block of 32", "Q8_0");
        refused(fileWithTensor(TensorType.Q8_0.id(), 0), "\"t\"", "multiple of the block of 32");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 31, 32, 33, 36, 37, 38})
    void retiredTypes(int id) {
        refused(fileWithTensor(id, 0, 32), "\"t\"", "offset 45", "type " + id + " is retired");
    }

    @Test
    void unknownTypes() {
        refused(fileWithTensor(43, 0, 32), "\"t\"", "offset 45", "unknown tensor type 43");
        refused(fileWithTensor(-1, 0, 32), "\"t\"", "unknown tensor type 4294967295");
    }

    @Test
    void placesOfData() {
        refused(fileWithTensor(F32, 4, 8), "\"t\"", "data offset 4", "multiple of the alignment 32");
        refused(fileWithTensor(F32, 0, 4096), "\"t\"", "16384 bytes at 0", "outside the file", "truncated");
        refused(fileWithTensor(F32, 1L << 40, 8), "\"t\"", "at 1099511627776", "outside the file");
        refused(fileWithTensor(F32, -32, 8), "\"t\"", "at 18446744073709551584", "outside the file");
        refused(fileWithTensor(F32, Long.MAX_VALUE - 31, 8), "\"t\"", "outside the file");
        refused(
                file(3, 2, 0, out -> {
                    info(out, "later", F32, 32, 8);
                    info(out, "longer", F32, 0, 9);
                    out.writeBytes(new byte[128]);
                }),
                "\"later\"",
                "at 32 overlaps",
                "\"longer\"",
                "36 bytes at 0");
        refused(
                file(3, 2, 0, out -> {
                    info(out, "one", F32, 0, 8);
                    info(out, "two", F32, 0, 8);
                    out.writeBytes(new byte[128]);
                }),
                "\"two\"",
                "overlaps",
                "\"one\"");
    }

    @Test
    void tensorsMayLieInAnyOrderAndWithGaps() {
        byte[] file = file(3, 2, 0, out -> {
            info(out, "later", F32, 64, 8);
            info(out, "first", F32, 0, 8);
            out.writeBytes(new byte[128]);
        });
        assertThat(Gguf.of(MemorySegment.ofArray(file)).tensors())
                .extracting(Tensor::name)
                .containsExactly("later", "first");
    }

    @Test
    void messagesStayShortAndOnOneLine() {
        String key = "a\n" + "x".repeat(100_000);
        assertThatThrownBy(() -> Gguf.of(MemorySegment.ofArray(fileWithKey(key, out -> out.putInt(13)))))
                .isInstanceOf(GgufException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300).doesNotContain("\n"));
    }
}
