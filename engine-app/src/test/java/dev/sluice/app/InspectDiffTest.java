package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.SyntheticModel;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As diff: 0 for equal files, 1 for different ones, 2 for trouble. */
class InspectDiffTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private String a;
    private String b;

    @BeforeEach
    void names() {
        a = directory.resolve("a.gguf").toString();
        b = directory.resolve("b.gguf").toString();
    }

    private static GgufWriter model() {
        return SyntheticModel.of("qwen35").writer();
    }

    private Cli diff(GgufWriter first, GgufWriter second, String... options) throws IOException {
        Files.write(Path.of(a), first.toBytes());
        Files.write(Path.of(b), second.toBytes());
        return Cli.sluice(Stream.concat(Stream.of("inspect", "--diff", a, b), Stream.of(options))
                .toArray(String[]::new));
    }

    private JsonNode json(GgufWriter first, GgufWriter second, String... options) throws IOException {
        Cli cli = diff(
                first,
                second,
                Stream.concat(Stream.of("--json"), Stream.of(options)).toArray(String[]::new));
        JsonNode json = JSON.readTree(cli.out());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.status()).isEqualTo(json.get("equal").booleanValue() ? 0 : 1);
        return json;
    }

    @Test
    void equalFiles() throws IOException {
        Cli cli = diff(model(), model());
        assertThat(cli.status()).isZero();
        assertThat(cli.out()).startsWith("- " + a).endsWith("equal" + System.lineSeparator());
        assertThat(json(model(), model()).get("tensors")).isEmpty();
    }

    /** Neither the order of keys, nor the width of numbers, nor the place of the data is a difference. */
    @Test
    void equalContent() throws IOException {
        float[] data = {1, 2, 3};
        GgufWriter first = new GgufWriter()
                .putU32("n", 5)
                .putF32("x", 0.5f)
                .putInts("list", 1, 2)
                .add("t", new long[] {3}, data)
                .add("u", new long[] {3}, data);
        GgufWriter second = new GgufWriter()
                .putU32s("list", 1, 2)
                .putF64("x", 0.5)
                .putU64("n", 5)
                .add("u", new long[] {3}, data)
                .add("t", new long[] {3}, data);
        assertThat(diff(first, second).status()).isZero();
    }

    @Test
    void metadata() throws IOException {
        GgufWriter first =
                model().putU32("x.number", 5).putString("x.text", "one").putU32("x.first", 1);
        GgufWriter second =
                model().putF32("x.number", 5).putString("x.text", "two").putBool("x.second", true);
        int[] numbers = IntStream.range(0, 100).toArray();
        first.putInts("x.list", numbers);
        numbers[42] = -1;
        second.putInts("x.list", numbers);
        Cli cli = diff(first, second);
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.out())
                .contains("Metadata: 5 keys")
                .contains("- x.number  5", "+ x.number  5.0", "- x.text  one", "+ x.text  two")
                .contains("- x.first  1", "+ x.second  true")
                .contains("- x.list  [100 ints, SHA-256 ", "  from index 42")
                .endsWith("different" + System.lineSeparator());
        JsonNode json = json(first, second);
        assertThat(json.get("metadata")).hasSize(5);
        JsonNode list = json.at("/metadata/3");
        assertThat(list.get("key").textValue()).isEqualTo("x.list");
        assertThat(list.get("first_difference").intValue()).isEqualTo(42);
        assertThat(list.at("/a/array_length").intValue()).isEqualTo(100);
        assertThat(list.at("/a/sha256")).isNotEqualTo(list.at("/b/sha256"));
        assertThat(json.at("/metadata/4").has("a")).isFalse();
    }

    @Test
    void tensors() throws IOException {
        float[] data = new float[64];
        float[] changed = data.clone();
        changed[10] = 1;
        GgufWriter first = new GgufWriter()
                .add("same", new long[] {64}, data)
                .add("data", new long[] {64}, data)
                .add("shape", new long[] {64}, data)
                .add("type", new long[] {64}, data)
                .add("first", new long[] {64}, data);
        GgufWriter second = new GgufWriter()
                .add("same", new long[] {64}, data)
                .add("data", new long[] {64}, changed)
                .add("shape", new long[] {8, 8}, data)
                .add("type", TensorType.F16, new long[] {64}, out -> out.write(new byte[128]))
                .add("second", new long[] {64}, data);
        assertThat(diff(first, second).out())
                .contains("Tensors: 1 with other data, 2 of another type or shape, 1 only in the first, 1 only in the")
                .contains("≠ data  F32 [64]: data from byte 42 of 256")
                .contains("- shape  F32 [64]", "+ shape  F32 [8, 8]", "+ type  F16 [64]")
                .doesNotContain("same");
        JsonNode json = json(first, second);
        assertThat(json.get("tensors")).hasSize(5);
        assertThat(json.at("/tensors/0/first_difference").longValue()).isEqualTo(42);
        assertThat(json(first, second, "--no-data").get("tensors")).hasSize(4);
        GgufWriter other = new GgufWriter().add("data", new long[] {64}, changed);
        Cli unread = diff(new GgufWriter().add("data", new long[] {64}, data), other, "--no-data");
        assertThat(unread.status()).isZero();
        assertThat(unread.out()).contains("equal; data not compared");
    }

    @Test
    void templates() throws IOException {
        String lines = "a\nb\nc\nd\ne\nf\ng\n";
        GgufWriter first = model().putString("tokenizer.chat_template", lines);
        GgufWriter second = model().putString("tokenizer.chat_template", lines.replace("d", "D"));
        assertThat(diff(first, second).out())
                .containsSubsequence("different from line 4 on", "@@ -1,7 +1,7 @@", " c", "-d", "+D", " e")
                .doesNotContain("Metadata");
        JsonNode template = json(first, second).at("/chat_templates/0");
        assertThat(template.get("first_difference").intValue()).isEqualTo(4);
        assertThat(template.get("diff")).hasSize(11);
        // Too long for a comparison of lines: the first one is told all the same.
        second.putString("tokenizer.chat_template", lines + "x\n".repeat(5000));
        assertThat(diff(first, second).out()).contains("different from line 8 on", "too long");
    }

    @Test
    void tokenizers() throws IOException {
        List<String> tokens = IntStream.range(0, 30).mapToObj(i -> "token" + i).toList();
        List<String> others =
                Stream.concat(Stream.of("new"), tokens.stream().limit(28)).toList();
        GgufWriter first = new GgufWriter()
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putStrings("tokenizer.ggml.merges", List.of("a b", "c d"))
                .putInts("tokenizer.ggml.token_type", 1, 1, 1);
        GgufWriter second = new GgufWriter()
                .putStrings("tokenizer.ggml.tokens", others)
                .putStrings("tokenizer.ggml.merges", List.of("a b"))
                .putInts("tokenizer.ggml.token_type", 1, 3, 3);
        assertThat(diff(first, second).out())
                .contains("tokens: 30 and 29, different from id 0 on; 28 have another id")
                .contains("- 2 tokens: [\"token28\", \"token29\"]", "+ 1 tokens: [\"new\"]")
                .contains("merges: 2 and 1, different from rank 1 on", "- 1 merges: [\"c d\"]")
                .contains("token types: different from id 1 on; 2 ids")
                .doesNotContain("Metadata");
        JsonNode json = json(first, second).get("tokenizer");
        assertThat(json.at("/tokens/moved").intValue()).isEqualTo(28);
        assertThat(json.at("/tokens/only_in_a").intValue()).isEqualTo(2);
        assertThat(json.at("/kinds/changed").intValue()).isEqualTo(2);
    }

    /** Thousands of differences are not thousands of lines. */
    @Test
    void boundedOutput() throws IOException {
        GgufWriter first = new GgufWriter();
        GgufWriter second = new GgufWriter();
        for (int i = 0; i < 1000; i++) {
            first.putU32("key" + i, i).add("tensor" + i, new long[] {1}, i);
            second.putU32("key" + i, i + 1).add("tensor" + i, new long[] {1}, i + 1);
        }
        first.putString("tokenizer.chat_template", "a\n".repeat(900));
        second.putString("tokenizer.chat_template", "b\n".repeat(900));
        assertThat(diff(first, second).out().lines()).hasSizeLessThan(400);
        assertThat(diff(first, second, "--all").out().lines()).hasSizeGreaterThan(4000);
        assertThat(json(first, second).get("tensors")).hasSize(1000);
    }

    @Test
    void trouble() throws IOException {
        Files.write(Path.of(a), model().toBytes());
        Files.writeString(Path.of(b), "text");
        Cli.sluice("inspect", "--diff", a, b).refuses(b, "not a GGUF file");
        Cli.sluice("inspect", "--diff", b, a, "--json").refuses(b, "not a GGUF file");
    }
}
