package dev.sluice.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link GgufWriter} writes, {@link Gguf} reads. */
class GgufRoundTripTest {
    @TempDir
    private Path directory;

    private static Gguf read(GgufWriter writer) {
        return Gguf.of(MemorySegment.ofArray(writer.toBytes()));
    }

    private static GgufMetadata metadata(GgufWriter writer) {
        return read(writer).metadata();
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void everyScalarType() {
        GgufMetadata m = metadata(new GgufWriter()
                .putU8("u8", 255)
                .putI8("i8", -128)
                .putU16("u16", 65535)
                .putI16("i16", -32768)
                .putU32("u32", 4294967295L)
                .putI32("i32", Integer.MIN_VALUE)
                .putU64("u64", Long.MAX_VALUE)
                .putU64("u64 most", -1)
                .putI64("i64", Long.MIN_VALUE)
                .putF32("f32", 1e-6f)
                .putF64("f64", Math.PI)
                .putBool("yes", true)
                .putBool("no", false)
                .putString("empty", "")
                .putString("text", "käse 中文 \uD83E\uDDC0\0\n"));
        assertThat(m.keys())
                .containsExactly(
                        "u8",
                        "i8",
                        "u16",
                        "i16",
                        "u32",
                        "i32",
                        "u64",
                        "u64 most",
                        "i64",
                        "f32",
                        "f64",
                        "yes",
                        "no",
                        "empty",
                        "text");
        assertThat(m.find("u8")).contains(255L);
        assertThat(m.find("i8")).contains(-128L);
        assertThat(m.find("u16")).contains(65535L);
        assertThat(m.find("i16")).contains(-32768L);
        assertThat(m.find("u32")).contains(4294967295L);
        assertThat(m.find("i32")).contains((long) Integer.MIN_VALUE);
        assertThat(m.find("u64")).contains(Long.MAX_VALUE);
        assertThat(m.find("u64 most")).contains(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
        assertThat(m.find("i64")).contains(Long.MIN_VALUE);
        assertThat(m.find("f32")).contains(1e-6f);
        assertThat(m.getFloat("f32")).isEqualTo(1e-6f);
        assertThat(m.find("f64")).contains(Math.PI);
        assertThat(m.getDouble("f64")).isEqualTo(Math.PI);
        assertThat(m.findBool("yes")).contains(true);
        assertThat(m.findBool("no")).contains(false);
        assertThat(m.getString("empty")).isEmpty();
        assertThat(m.getString("text")).isEqualTo("käse 中文 \uD83E\uDDC0\0\n");
        assertThat(m.has("u8")).isTrue();
        assertThat(m.has("none")).isFalse();
    }

    @Test
    void everyArrayType() {
        GgufMetadata m = metadata(new GgufWriter()
                .putArray("u8", ValueType.U8, List.of(0, 255))
                .putArray("i8", ValueType.I8, List.of(-128, 127))
                .putArray("u16", ValueType.U16, List.of(0, 65535))
                .putArray("i16", ValueType.I16, List.of(-32768, 32767))
                .putU32s("u32", 0, 4294967295L)
                .putInts("i32", Integer.MIN_VALUE, 7)
                .putArray("u64", ValueType.U64, List.of(0, Long.MAX_VALUE))
                .putArray("i64", ValueType.I64, List.of(Long.MIN_VALUE, 7L))
                .putFloats("f32", -0.5f, Float.NaN)
                .putArray("f64", ValueType.F64, List.of(0.1, -0.0))
                .putBools("bool", true, false, true)
                .putStrings("string", List.of("", "a b", "Ġthe"))
                .putStrings("none", List.of()));
        assertThat(m.find("u8")).contains(new int[] {0, 255});
        assertThat(m.find("i8")).contains(new int[] {-128, 127});
        assertThat(m.find("u16")).contains(new int[] {0, 65535});
        assertThat(m.find("i16")).contains(new int[] {-32768, 32767});
        assertThat(m.find("u32")).contains(new long[] {0, 4294967295L});
        assertThat(m.find("i32")).contains(new int[] {Integer.MIN_VALUE, 7});
        assertThat(m.find("u64")).contains(new long[] {0, Long.MAX_VALUE});
        assertThat(m.find("i64")).contains(new long[] {Long.MIN_VALUE, 7});
        assertThat(m.findFloats("f32")).contains(new float[] {-0.5f, Float.NaN});
        assertThat(m.find("f64")).contains(new double[] {0.1, -0.0});
        assertThat(m.findBools("bool")).contains(new boolean[] {true, false, true});
        assertThat(m.findStrings("string")).contains(List.of("", "a b", "Ġthe"));
        assertThat(m.findStrings("none")).contains(List.of());
        m.findInts("i32").orElseThrow()[1] = 8;
        assertThat(m.findInts("i32").orElseThrow()).containsExactly(Integer.MIN_VALUE, 7);
    }

    @ParameterizedTest
    @EnumSource(
            value = ValueType.class,
            names = {"U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64"})
    void integersAreReadWhateverTheirType(ValueType type) {
        GgufMetadata m = metadata(new GgufWriter().put("one", type, 42).putArray("many", type, List.of(1, 2, 3)));
        assertThat(m.getInt("one")).isEqualTo(42);
        assertThat(m.getLong("one")).isEqualTo(42);
        assertThat(m.findInt("one")).hasValue(42);
        assertThat(m.getIntOrArray("one", 3)).containsExactly(42, 42, 42);
        assertThat(m.getIntOrArray("many", 3)).containsExactly(1, 2, 3);
        assertThat(m.findInts("one").orElseThrow()).containsExactly(42);
        assertThat(m.findInts("many").orElseThrow()).containsExactly(1, 2, 3);
    }

    @Test
    void missingKeysAreEmptyOrRefusedByName() {
        GgufMetadata m = metadata(new GgufWriter());
        assertThat(m.find("a.b")).isEmpty();
        assertThat(m.findString("a.b")).isEmpty();
        assertThat(m.findInt("a.b")).isEmpty();
        assertThat(m.findLong("a.b")).isEmpty();
        assertThat(m.findFloat("a.b")).isEmpty();
        assertThat(m.findBool("a.b")).isEmpty();
        assertThat(m.findInts("a.b")).isEmpty();
        assertThat(m.findIntOrArray("a.b", 2)).isEmpty();
        assertThat(m.findFloats("a.b")).isEmpty();
        assertThat(m.findBools("a.b")).isEmpty();
        assertThat(m.findStrings("a.b")).isEmpty();
        for (Runnable get : List.<Runnable>of(
                () -> m.getString("a.b"),
                () -> m.getInt("a.b"),
                () -> m.getLong("a.b"),
                () -> m.getFloat("a.b"),
                () -> m.getIntOrArray("a.b", 2))) {
            assertThatThrownBy(get::run)
                    .isInstanceOf(GgufException.class)
                    .hasMessageContainingAll("memory", "\"a.b\"", "missing", "expected");
        }
    }

    @Test
    void valuesOfAnotherKindAreRefused() {
        GgufMetadata m = metadata(new GgufWriter()
                .putString("s", "text")
                .putF32("f", 2)
                .putI64("big", 1L << 40)
                .putU64("huge", -1)
                .putInts("three", 1, 2, 3)
                .putU32s("wide", 4294967295L)
                .putStrings("list", List.of("x")));
        refused(() -> m.getInt("s"), "\"s\"", "the string \"text\"", "expected an integer");
        refused(() -> m.getInt("f"), "\"f\"", "the float 2.0", "expected an integer");
        refused(() -> m.getInt("big"), "\"big\"", "1099511627776", "expected an integer", "2147483647");
        refused(() -> m.getLong("huge"), "\"huge\"", "18446744073709551615", "expected an integer");
        refused(() -> m.getInt("three"), "\"three\"", "an array of 3 ints", "expected an integer");
        refused(() -> m.getFloat("big"), "\"big\"", "expected a float");
        refused(() -> m.getIntOrArray("three", 4), "\"three\"", "an array of 3", "array of 4 integers");
        refused(() -> m.findInts("wide"), "\"wide\"", "4294967295");
        refused(() -> m.findInts("list"), "\"list\"", "an array of 1 strings", "expected an array of integers");
        refused(() -> m.findStrings("s"), "\"s\"", "expected an array of strings");
        refused(() -> m.getString("list"), "\"list\"", "expected a string");
    }

    private static void refused(Runnable get, String... words) {
        assertThatThrownBy(get::run).isInstanceOf(GgufException.class).hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void everyTensorType(TensorType type) {
        long seed = 7 + type.id();
        System.out.println("seed " + seed);
        long[] shape = {2L * type.blockLength(), 3, 2};
        byte[] data = new byte[(int) type.bytes(shape[0] * 6)];
        new Random(seed).nextBytes(data);
        Gguf gguf = read(new GgufWriter()
                .add("before", new long[] {1}, 1f)
                .add("it", type, shape, MemorySegment.ofArray(data))
                .add("after", new long[] {1}, 2f));
        Tensor tensor = gguf.tensor("it");
        assertThat(tensor.name()).isEqualTo("it");
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.shape()).containsExactly(shape);
        assertThat(IntStream.range(0, 5).mapToLong(tensor::ne)).containsExactly(shape[0], 3L, 2L, 1L, 1L);
        assertThat(tensor.elements()).isEqualTo(12L * type.blockLength());
        assertThat(tensor.bytes()).isEqualTo(data.length);
        assertThat(bytes(tensor)).isEqualTo(data);
        assertThat(tensor.data().isReadOnly()).isTrue();
        assertThat(gguf.tensor("after").data().get(Cursor.FLOAT, 0)).isEqualTo(2f);
        assertThat(tensor).hasToString("it " + type + " [" + shape[0] + ", 3, 2]");
    }

    @Test
    void scalarsAndFourDimensions() {
        Gguf gguf = read(new GgufWriter().add("scalar", new long[0], 5f).add("four", new long[] {1, 1, 2, 1}, 1f, 2f));
        assertThat(gguf.tensor("scalar").shape()).containsExactly(1);
        assertThat(gguf.tensor("scalar").elements()).isEqualTo(1);
        assertThat(gguf.tensor("four").shape()).containsExactly(1, 1, 2, 1);
        assertThat(gguf.tensors()).extracting(Tensor::name).containsExactly("scalar", "four");
        assertThat(gguf.find("none")).isEmpty();
        refused(() -> gguf.tensor("blk.0.none"), "memory", "\"blk.0.none\"", "missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32, 64, 4096})
    void alignment(int alignment) {
        Gguf gguf = read(new GgufWriter()
                .alignment(alignment)
                .add("a", TensorType.I8, new long[] {3}, MemorySegment.ofArray(new byte[] {1, 2, 3}))
                .add("b", new long[] {1}, 4f));
        assertThat(gguf.alignment()).isEqualTo(alignment);
        assertThat(bytes(gguf.tensor("a"))).containsExactly(1, 2, 3);
        assertThat(gguf.tensor("b").data().get(Cursor.FLOAT, 0)).isEqualTo(4f);
    }

    @Test
    void version2HasTheSameLayout() {
        byte[] file =
                new GgufWriter().putU32("k", 1).add("t", new long[] {1}, 4f).toBytes();
        file[4] = 2;
        Gguf gguf = Gguf.of(MemorySegment.ofArray(file));
        assertThat(gguf.version()).isEqualTo(2);
        assertThat(gguf.metadata().getInt("k")).isEqualTo(1);
        assertThat(gguf.tensor("t").data().get(Cursor.FLOAT, 0)).isEqualTo(4f);
    }

    @Test
    void onlyMetadataWithoutPadding() {
        byte[] file = new GgufWriter().putU32("k", 1).toBytes();
        MemorySegment cut = MemorySegment.ofArray(file).asSlice(0, 24 + 8 + 1 + 4 + 4);
        assertThat(Gguf.of(cut).metadata().getInt("k")).isEqualTo(1);
    }

    @Test
    void textThatIsNotUtf8IsReplaced() {
        byte[] file = new GgufWriter().putString("k", "a\u0001b").toBytes();
        for (int i = 0; i < file.length; i++) {
            file[i] = file[i] == 1 && file[Math.min(i + 1, file.length - 1)] == 'b' ? (byte) 0xFF : file[i];
        }
        assertThat(Gguf.of(MemorySegment.ofArray(file)).metadata().getString("k"))
                .isEqualTo("a\uFFFDb");
    }

    @Test
    void fileIsMappedUntilClosed() throws IOException {
        Path path = directory.resolve("m.gguf");
        new GgufWriter().add("t", new long[] {2}, 1f, 2f).write(path);
        Gguf gguf = Gguf.open(path);
        assertThat(gguf.version()).isEqualTo(3);
        assertThat(gguf.name()).isEqualTo(path.toString());
        assertThat(gguf.fileBytes()).isEqualTo(Files.size(path));
        MemorySegment data = gguf.tensor("t").data();
        assertThat(data.get(Cursor.FLOAT, 4)).isEqualTo(2f);
        gguf.close();
        gguf.close();
        assertThatThrownBy(() -> data.get(Cursor.FLOAT, 4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryStaysTheCallers() {
        MemorySegment file = MemorySegment.ofArray(
                new GgufWriter().add("t", new long[] {1}, 1f).toBytes());
        Gguf gguf = Gguf.of(file);
        gguf.close();
        assertThat(gguf.tensor("t").data().get(Cursor.FLOAT, 0)).isEqualTo(1f);
        assertThat(gguf.name()).isEqualTo("memory");
        assertThat(gguf.fileBytes()).isEqualTo(file.byteSize());
    }
}
