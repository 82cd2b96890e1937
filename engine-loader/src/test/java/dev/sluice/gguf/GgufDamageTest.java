package dev.sluice.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files end in a {@link GgufException} or are read, and take memory in proportion to their size. */
class GgufDamageTest {
    /** For one small file; most of it is what the JVM takes once, when code first runs. */
    private static final long MOST_MEMORY = 4 << 20;

    @TempDir
    private Path directory;

    private static byte[] sample() {
        return new GgufWriter()
                .alignment(32)
                .putString("general.architecture", "qwen35")
                .putU32("qwen35.block_count", 4)
                .putF32("qwen35.rope.freq_base", 1e7f)
                .putBool("tokenizer.ggml.add_bos_token", false)
                .putInts("qwen35.rope.dimension_sections", 11, 11, 10, 0)
                .putStrings("tokenizer.ggml.tokens", List.of("a", "b", "Ġthe", "中"))
                .putFloats("scores", 1, 2, 3)
                .putBools("qwen35.attention.recurrent_layers", true, true, true, false)
                .putU64("u64", 5)
                .putF64("f64", 5)
                .putU8("u8", 5)
                .add("token_embd.weight", new long[] {4, 4}, new float[16])
                .add("blk.0.ffn_up.weight", TensorType.Q8_0, new long[] {32, 2}, MemorySegment.ofArray(new byte[68]))
                .add("last", new long[] {8}, new float[8])
                .toBytes();
    }

    /** Reads a file and everything in it; true if it was refused. Any other outcome is thrown. */
    private static boolean refuses(byte[] file) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean refused = false;
        try {
            Gguf gguf = Gguf.of(MemorySegment.ofArray(file));
            gguf.metadata().keys().forEach(gguf.metadata()::find);
            for (Tensor tensor : gguf.tensors()) {
                if (tensor.bytes() > 0) {
                    tensor.data().get(ValueLayout.JAVA_BYTE, tensor.bytes() - 1);
                }
            }
        } catch (GgufException e) {
            refused = true;
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
        return refused;
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] file = sample();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThat(refuses(cut))
                    .as("cut to " + length + " of " + file.length)
                    .isTrue();
        }
        assertThat(refuses(file)).isFalse();
    }

    @Test
    void truncationNamesTheSection() {
        byte[] file = sample();
        List<String> sections = List.of("header", "metadata, key", "tensor infos, tensor", "outside the file");
        int section = 0;
        for (int length = 1; length < file.length; length++) {
            String message = message(Arrays.copyOf(file, length));
            assertThat(message).contains("memory", "offset", "truncated").containsPattern("\\d+ bytes");
            if (section < 3 && message.contains(sections.get(section + 1))) {
                section++;
            }
            assertThat(message).contains(sections.get(section));
        }
        assertThat(section).isEqualTo(3);
    }

    private static String message(byte[] file) {
        try {
            Gguf.of(MemorySegment.ofArray(file));
        } catch (GgufException e) {
            return e.getMessage();
        }
        throw new AssertionError("not refused");
    }

    @Test
    void randomDamage() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] file = sample();
        int refused = 0;
        int rounds = 20_000;
        for (int round = 0; round < rounds; round++) {
            byte[] damaged = file.clone();
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                int at = random.nextInt(file.length);
                damaged[at] = random.nextBoolean()
                        ? (byte) (damaged[at] ^ 1 << random.nextInt(8))
                        : (byte) random.nextInt(256);
            }
            refused += refuses(damaged) ? 1 : 0;
        }
        assertThat(refused).isBetween(rounds / 10, rounds - 1);
    }

    @Test
    void randomNumbersInPlaceOfCountsAndLengths() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] file = sample();
        for (int at = 8; at + 8 <= file.length; at++) {
            for (int i = 0; i < 8; i++) {
                byte[] damaged = file.clone();
                long value = random.nextLong() >> random.nextInt(64);
                MemorySegment.ofArray(damaged).set(Cursor.LONG, at, value);
                refuses(damaged);
            }
        }
    }

    @Test
    void randomBytes() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] file = new byte[random.nextInt(400)];
            random.nextBytes(file);
            byte[] start = sample();
            System.arraycopy(start, 0, file, 0, Math.min(file.length, random.nextInt(100)));
            assertThat(refuses(file)).isTrue();
        }
    }

    @Test
    void metadataThatTakesTooMuchMemoryIsRefused() throws IOException {
        Path path = directory.resolve("huge.gguf");
        LittleEndian out = new LittleEndian();
        out.writeBytes(new byte[] {'G', 'G', 'U', 'F'});
        out.putInt(3);
        out.putLong(0);
        out.putLong(1);
        out.putString("k");
        out.putInt(ValueType.ARRAY.id());
        out.putInt(ValueType.STRING.id());
        out.putLong(1L << 29);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(5L << 30);
            file.write(out.toByteArray());
        }
        assertThatThrownBy(() -> Gguf.open(path))
                .isInstanceOf(GgufException.class)
                .hasMessageContainingAll("huge.gguf", "\"k\"", "536870912 elements", "only the first 134217728 bytes");
    }

    @Test
    void tensorsBeyond2GiB() throws IOException {
        Path path = directory.resolve("big.gguf");
        long half = 1L << 30;
        LittleEndian out = new LittleEndian();
        out.writeBytes(new byte[] {'G', 'G', 'U', 'F'});
        out.putInt(3);
        out.putLong(2);
        out.putLong(0);
        for (String name : List.of("first", "second")) {
            out.putString(name);
            out.putInt(2);
            out.putLong(1 << 15);
            out.putLong(half >> 15);
            out.putInt(TensorType.F32.id());
            out.putLong(name.equals("first") ? 0 : 4 * half);
        }
        long start = (out.size() + 31) / 32 * 32;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(start + 8 * half);
            file.write(out.toByteArray());
            file.seek(start + 8 * half - 4);
            file.write(new byte[] {0, 0, (byte) 0x80, 0x3F});
        }
        try (Gguf gguf = Gguf.open(path)) {
            Tensor second = gguf.tensor("second");
            assertThat(gguf.fileBytes()).isEqualTo(start + 8 * half);
            assertThat(second.bytes()).isEqualTo(4 * half);
            assertThat(second.data().get(Cursor.FLOAT, second.bytes() - 4)).isEqualTo(1f);
            assertThat(second.data().get(Cursor.FLOAT, 0)).isZero();
        }
    }
}
