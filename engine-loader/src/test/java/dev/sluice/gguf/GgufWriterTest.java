package dev.sluice.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
    private static final long[] EIGHT = {8};

    @TempDir
    private Path directory;

    private static void refused(Runnable call, String... words) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void exactBytes() {
        byte[] file =
                new GgufWriter().putU8("k", 7).add("t", new long[] {1}, 1f).toBytes();
        LittleEndian expected = new LittleEndian();
        expected.writeBytes(new byte[] {'G', 'G', 'U', 'F', 3, 0, 0, 0});
        expected.putLong(1);
        expected.putLong(1);
        expected.writeBytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 'k', 0, 0, 0, 0, 7});
        expected.writeBytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 't', 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
        expected.writeBytes(new byte[12]);
        expected.writeBytes(new byte[96 - expected.size()]);
        expected.writeBytes(new byte[] {0, 0, (byte) 0x80, 0x3F});
        expected.writeBytes(new byte[28]);
        assertThat(file).isEqualTo(expected.toByteArray());
    }

    @Test
    void fileIsCompleteOrAbsent() throws IOException {
        Path path = directory.resolve("m.gguf");
        GgufWriter broken = new GgufWriter().add("t", TensorType.F32, EIGHT, out -> {
            out.write(new byte[16]);
            throw new IOException("the disk is full");
        });
        assertThatThrownBy(() -> broken.write(path))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
        new GgufWriter().write(path);
        byte[] before = Files.readAllBytes(path);
        assertThatThrownBy(() -> broken.write(path)).isInstanceOf(IOException.class);
        assertThat(path).hasBinaryContent(before);
        new GgufWriter().putU8("k", 1).write(path);
        assertThat(Files.readAllBytes(path)).isNotEqualTo(before);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void dataMustHaveTheRightSize() {
        for (int size : new int[] {31, 33}) {
            GgufWriter writer = new GgufWriter().add("t", TensorType.F32, EIGHT, out -> out.write(new byte[size]));
            assertThatThrownBy(writer::toBytes)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("\"t\"", Integer.toString(size), "expected 32");
        }
        refused(
                () -> new GgufWriter().add("t", TensorType.F32, EIGHT, MemorySegment.ofArray(new byte[31])),
                "\"t\"",
                "31 bytes",
                "expected 32");
    }

    @Test
    void dataMayCloseItsStreamAndWriteSingleBytes() {
        GgufWriter writer = new GgufWriter()
                .add("a", TensorType.I8, new long[] {2}, out -> {
                    try (out) {
                        out.write(1);
                        out.write(2);
                    }
                })
                .add("b", new long[] {1}, 3f);
        Gguf gguf = Gguf.of(MemorySegment.ofArray(writer.toBytes()));
        assertThat(gguf.tensor("a").data().get(Cursor.SHORT, 0)).isEqualTo((short) 0x0201);
        assertThat(gguf.tensor("b").data().get(Cursor.FLOAT, 0)).isEqualTo(3f);
    }

    @Test
    void laterValueReplacesEarlier() {
        GgufMetadata metadata = Gguf.of(MemorySegment.ofArray(
                        new GgufWriter().putU8("k", 1).putString("k", "two").toBytes()))
                .metadata();
        assertThat(metadata.getString("k")).isEqualTo("two");
    }

    @Test
    void refusals() {
        GgufWriter writer = new GgufWriter();
        refused(() -> writer.putU8("k", 256), "256", "u8", "0 to 255");
        refused(() -> writer.putU32("k", -1), "-1", "u32");
        refused(() -> writer.putU32s("k", 1L << 32), "4294967296", "u32");
        refused(() -> writer.putI16("k", 40000), "40000", "i16");
        refused(() -> writer.putString("", "x"), "empty key");
        refused(() -> writer.alignment(48), "48", "power of two");
        refused(() -> writer.alignment(Integer.MIN_VALUE), "power of two");
        refused(() -> writer.add("", new long[] {1}, 1f), "expected a name");
        refused(() -> writer.add("t", new long[] {0}), "[0]", "1 or more");
        refused(() -> writer.add("t", new long[] {1, 1, 1, 1, 1}, 1f), "up to 4");
        refused(() -> writer.add("t", TensorType.Q4_K, EIGHT, out -> {}), "multiple of the block of 256", "Q4_K");
        writer.add("t", new long[] {1}, 1f);
        refused(() -> writer.add("t", new long[] {1}, 1f), "\"t\"", "already");
        assertThatThrownBy(() -> writer.writeSplit(directory, "m", 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("[1, 1]", "there are 1");
        assertThat(List.of(directory.toFile().list())).isEmpty();
    }
}
