package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.SyntheticModel;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a file, the user reads one line that says what, where, and what would be right. */
class BadFilesTest {
    private static final byte[] SOUND = SyntheticModel.of("qwen35").writer().toBytes();

    @TempDir
    private Path directory;

    /** A file that one thing is wrong with. */
    private interface Damage {
        byte[] bytes();
    }

    private static Arguments bad(String name, Damage damage, String... words) {
        return Arguments.of(name, damage, words);
    }

    /** Files that cannot be opened. */
    static Stream<Arguments> damaged() {
        return Stream.of(
                bad("empty", () -> new byte[0], "empty, not a GGUF file"),
                bad("text", () -> "# A readme\n".getBytes(StandardCharsets.UTF_8), "not a GGUF file", "# A readme"),
                bad("cut in the header", () -> Arrays.copyOf(SOUND, 10), "header", "truncated"),
                bad("cut in the metadata", BadFilesTest::cutInMetadata, "metadata", "general.description", "truncated"),
                bad(
                        "cut in the tensor infos",
                        () -> Arrays.copyOf(SOUND, at("blk.3.ffn_down.weight") + 5),
                        "tensor infos",
                        "truncated"),
                bad("cut in the data", () -> Arrays.copyOf(SOUND, SOUND.length - 100), "outside the file", "truncated"),
                bad("version 9", () -> patched(4, 9), "GGUF version 9", "versions 2 and 3"),
                bad("big-endian", () -> patched(4, 3 << 24), "big-endian", "little-endian"),
                bad("type 99", () -> patched(type("token_embd.weight"), 99), "unknown tensor type 99"),
                bad("too many tensors", () -> patchedLong(8, 1L << 60), "tensor_count", "1152921504606846976"),
                bad("too many keys", () -> patchedLong(16, 1L << 60), "kv_count", "1152921504606846976"),
                bad("too long an array", () -> patchedLong(sections(), 1L << 61), "array", "rope.dimension_sections"),
                bad("overlap", () -> patchedLong(type("output_norm.weight") + 4, 0), "overlaps", "token_embd.weight"),
                bad("outside", () -> patchedLong(type("output_norm.weight") + 4, 1L << 40), "outside the file"),
                bad("offset off", () -> patchedLong(type("output_norm.weight") + 4, 8), "alignment"));
    }

    /** Files that can be opened, and not run. */
    static Stream<Arguments> refused() {
        return Stream.of(
                bad("architecture", () -> with("general.architecture", "llama"), "'llama'", "qwen35, qwen35moe"),
                bad("type of weights", BadFilesTest::ofUncomputedType, "IQ2_XXS", "supported: F32, F16", "tensor"),
                bad("missing tensor", () -> renamed("blk.1.ffn_up.weight"), "blk.1.ffn_up.weight", "missing"),
                bad("transposed", BadFilesTest::transposed, "blk.1.ffn_up.weight", "[256, 128]", "expected [128, 256]"),
                bad("MTP only", BadFilesTest::mtpOnly, "only the MTP block", "main model"),
                bad("heads", () -> withU32("attention.head_count", 3), "head_count"),
                bad("pre-tokenizer", BadFilesTest::ofUnknownPreTokenizer, "tokenizer.ggml.pre 'other'", "qwen35"),
                bad("kind of tokenizer", () -> with("tokenizer.ggml.model", "spm"), "'spm'", "gpt2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void damagedFile(String name, Damage damage, String[] expected) throws IOException {
        String file = write(damage.bytes());
        String[] words = with(file, expected);
        everyCommandThatRuns(file, words);
        Cli.sluice("inspect", "-m", file).refuses(words);
        Cli.sluice("inspect", "--json", "-m", file).refuses(words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refusedFile(String name, Damage damage, String[] expected) throws IOException {
        String file = write(damage.bytes());
        String[] words = with(file, expected);
        everyCommandThatRuns(file, words);
        assertThat(Cli.sluice("inspect", "-m", file).output().replaceAll("\\s+", " "))
                .contains("supported no, for")
                .contains(words);
        assertThat(Cli.sluice("inspect", "--json", "-m", file).output()).contains("\"supported\":false");
    }

    private static String[] with(String file, String[] words) {
        return Stream.concat(Stream.of(file), Arrays.stream(words)).toArray(String[]::new);
    }

    private void everyCommandThatRuns(String file, String... words) {
        Path output = directory.resolve("logits.npy");
        Cli.sluice("run", "-m", file, "--tokens", "1,2", "-n", "2").refuses(words);
        Cli.sluice("run", "-m", file, "-n", "2", "--json", "hello").refuses(words);
        Cli.sluice("tokenize", "-m", file).refuses(words);
        Cli.sluice("logits", "-m", file, "--tokens", "1,2", "-o", output.toString())
                .refuses(words);
        assertThat(output).doesNotExist();
    }

    @Test
    void noFile() {
        String file = directory.resolve("none.gguf").toString();
        everyCommandThatRuns(file, "no such file");
        Cli.sluice("inspect", "-m", file).refuses(file, "no such file");
    }

    @Test
    void directoryInsteadOfFile() {
        everyCommandThatRuns(directory.toString(), "not a regular file");
        Cli.sluice("inspect", "-m", directory.toString()).refuses("not a regular file");
    }

    @Test
    void missingPart() throws IOException {
        GgufWriter writer = SyntheticModel.of("qwen35").writer();
        int tensors = SyntheticModel.of("qwen35").tensors().size();
        List<Path> parts = writer.writeSplit(directory, "model", 10, tensors - 10);
        assertThat(Cli.sluice("run", "-m", parts.get(0).toString(), "--tokens", "1", "-n", "1", "--json")
                        .output())
                .contains("\"finish\":\"length\"");
        Cli.sluice("run", "-m", parts.get(1).toString(), "--tokens", "1", "-n", "1")
                .refuses("open the first part");
        Files.delete(parts.get(1));
        everyCommandThatRuns(parts.get(0).toString(), parts.get(1).toString(), "part 2 of 2 is missing");
    }

    @Test
    void contextThatCannotFit() throws IOException {
        String file = write(SyntheticModel.of("qwen35")
                .set("ctx", Integer.MAX_VALUE)
                .set("n_head", 64)
                .set("n_kv", 64)
                .writer()
                .toBytes());
        Cli.sluice("run", "-m", file, "--tokens", "1", "-n", "1", "-c", "0")
                .refuses("2147483647 tokens", "needs 1", "TiB, there is");
        Cli.sluice("run", "-m", file, "--tokens", "1", "-n", "1", "-c", "2000000000")
                .refuses("2000000000 tokens", "needs");
        assertThat(Cli.sluice("inspect", "-m", file, "-c", "0").output()).contains("TiB");
        assertThat(Cli.sluice("run", "-m", file, "--tokens", "1", "-n", "1", "--json")
                        .output())
                .contains("length");
    }

    /** Values that no model has: refused or harmless, never a crash. */
    @ParameterizedTest
    @MethodSource("integerKeys")
    void absurdValues(String key) throws IOException {
        for (long value : new long[] {0, 1, 7, 1 << 20, Integer.MAX_VALUE, 1L << 31, 0xFFFF_FFFFL}) {
            String file = write(SyntheticModel.of("qwen35moe")
                    .writer()
                    .putU32("qwen35moe." + key, value)
                    .toBytes());
            Cli.sluice("run", "-m", file, "--tokens", "1,2", "-n", "2").answersOrRefuses();
        }
        String file = write(SyntheticModel.of("qwen35moe")
                .writer()
                .putString("qwen35moe." + key, "many")
                .toBytes());
        Cli.sluice("run", "-m", file, "--tokens", "1,2", "-n", "2").refuses("qwen35moe." + key, "\"many\"", "expected");
    }

    static Stream<String> integerKeys() {
        return Stream.of(
                "block_count",
                "context_length",
                "embedding_length",
                "attention.head_count",
                "attention.head_count_kv",
                "attention.key_length",
                "attention.value_length",
                "rope.dimension_count",
                "ssm.conv_kernel",
                "ssm.state_size",
                "ssm.group_count",
                "ssm.time_step_rank",
                "ssm.inner_size",
                "full_attention_interval",
                "expert_count",
                "expert_used_count",
                "expert_feed_forward_length",
                "expert_shared_feed_forward_length",
                "nextn_predict_layers");
    }

    @Test
    void flippedBits() throws IOException {
        long seed = System.nanoTime();
        System.out.println("BadFilesTest.flippedBits: seed " + seed);
        Random random = new Random(seed);
        int head = SOUND.length / 20; // metadata and tensor infos, and some data
        for (int i = 0; i < 200; i++) {
            byte[] bytes = SOUND.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(head)] ^= (byte) (1 << random.nextInt(8));
            }
            String file = write(bytes);
            Cli.sluice("run", "-m", file, "--tokens", "1,2", "-n", "1").answersOrRefuses();
        }
    }

    private String write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.gguf"), bytes).toString();
    }

    private static int at(String text) {
        return new String(SOUND, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    /** Place of the number that is the type of a matrix or vector; its data offset follows. */
    private static int type(String tensor) {
        int dimensions = at(tensor) + tensor.length();
        return dimensions + 4 + 8 * SOUND[dimensions];
    }

    /** Place of the length of an array. */
    private static int sections() {
        String key = "rope.dimension_sections";
        return at(key) + key.length() + 8;
    }

    private static byte[] patched(int at, int value) {
        byte[] bytes = SOUND.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return bytes;
    }

    private static byte[] patchedLong(int at, long value) {
        byte[] bytes = SOUND.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
        return bytes;
    }

    private static byte[] cutInMetadata() {
        byte[] bytes = with("general.description", "x".repeat(10_000));
        return Arrays.copyOf(bytes, 5000);
    }

    private static byte[] renamed(String tensor) {
        byte[] bytes = SOUND.clone();
        bytes[at(tensor)] = 'x';
        return bytes;
    }

    private static byte[] transposed() {
        byte[] bytes = SOUND.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int shape = type("blk.1.ffn_up.weight") - 16;
        long columns = buffer.getLong(shape);
        buffer.putLong(shape, buffer.getLong(shape + 8)).putLong(shape + 8, columns);
        return bytes;
    }

    private static byte[] with(String key, String value) {
        return SyntheticModel.of("qwen35").writer().putString(key, value).toBytes();
    }

    private static byte[] withU32(String key, long value) {
        return SyntheticModel.of("qwen35")
                .writer()
                .putU32("qwen35." + key, value)
                .toBytes();
    }

    private static byte[] ofUncomputedType() {
        return SyntheticModel.of("qwen35")
                .shape("k256")
                .type(TensorType.IQ2_XXS, (type, row) -> new byte[(int) type.bytes(row.length)])
                .writer()
                .toBytes();
    }

    private static byte[] mtpOnly() {
        GgufWriter writer = new GgufWriter()
                .putString("general.architecture", "qwen35")
                .putU32("qwen35.block_count", 5)
                .putU32("qwen35.nextn_predict_layers", 1);
        return writer.add("blk.4.attn_norm.weight", new long[] {4}, 1, 1, 1, 1).toBytes();
    }

    private static byte[] ofUnknownPreTokenizer() {
        List<String> tokens = IntStream.range(0, 320).mapToObj(i -> "token" + i).toList();
        return SyntheticModel.of("qwen35")
                .writer()
                .putString("tokenizer.ggml.model", "gpt2")
                .putString("tokenizer.ggml.pre", "other")
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putInts(
                        "tokenizer.ggml.token_type",
                        IntStream.generate(() -> 1).limit(320).toArray())
                .putStrings("tokenizer.ggml.merges", List.of("token1 token2"))
                .toBytes();
    }
}
