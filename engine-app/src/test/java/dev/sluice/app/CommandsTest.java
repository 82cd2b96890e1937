package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.SyntheticModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on sound input: the forms of what they print. */
class CommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VOCABULARY = 320;

    @TempDir
    private Path directory;

    /** A model without a tokenizer. */
    private String synthetic(String architecture) throws IOException {
        return SyntheticModel.of(architecture)
                .writeTo(directory.resolve(architecture + ".gguf"))
                .toString();
    }

    private static List<Integer> ids(JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.intValue()));
        return ids;
    }

    @Test
    void version() {
        assertThat(Cli.sluice("--version").output()).matches("sluice \\d+\\.\\d+\\.\\d+\\S* \\(JDK 25\\S*\\)\\R");
    }

    @Test
    void tokenize() throws IOException {
        byte[] text = "Grüße, 世界! 123<|im_end|>\n".getBytes(StandardCharsets.UTF_8);
        String json = Cli.sluice(text, "tokenize", "--json").output();
        assertThat(json).matches("\\[\\d+(,\\d+)*]\\R");
        List<Integer> ids = ids(JSON.readTree(json));
        List<String> lines = Cli.sluice(text, "tokenize").output().lines().toList();
        assertThat(lines).hasSameSizeAs(ids);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).startsWith(ids.get(i) + "\t");
        }
        assertThat(lines).anyMatch(line -> line.endsWith("\t<|im_end|>"));
        assertThat(Cli.sluice("tokenize", "--json").output()).isEqualTo("[]" + System.lineSeparator());
    }

    @Test
    void tokenizeNormalizesUnlessToldOtherwise() {
        byte[] composed = "é".getBytes(StandardCharsets.UTF_8);
        byte[] decomposed = "e\u0301".getBytes(StandardCharsets.UTF_8);
        String ids = Cli.sluice(composed, "tokenize", "--json").output();
        assertThat(Cli.sluice(decomposed, "tokenize", "--json").output()).isEqualTo(ids);
        assertThat(Cli.sluice(decomposed, "tokenize", "--json", "--no-nfc").output())
                .isNotEqualTo(ids);
    }

    @Test
    void tokensAreJson() throws IOException {
        String file = synthetic("qwen35");
        String[] command = {"run", "-m", file, "--tokens", "1,2,3", "-n", "20", "--temp", "0", "--ignore-eos", "--json"
        };
        JsonNode reply = JSON.readTree(Cli.sluice(command).output());
        assertThat(reply.fieldNames()).toIterable().containsExactly("tokens", "text", "finish", "sampling");
        assertThat(ids(reply.get("tokens"))).hasSize(20).allSatisfy(id -> assertThat(id)
                .isBetween(0, VOCABULARY - 1));
        assertThat(reply.get("text").textValue()).isEmpty();
        assertThat(reply.get("finish").textValue()).isEqualTo("length");
        assertThat(JSON.readTree(Cli.sluice(command).output())).isEqualTo(reply);

        Path list = Files.writeString(directory.resolve("ids.txt"), "[1, 2\n3]");
        command[4] = "@" + list;
        assertThat(JSON.readTree(Cli.sluice(command).output())).isEqualTo(reply);

        // The first token is the most likely one after the prompt.
        float[] logits = logits(file, "--tokens", "1,2,3");
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        assertThat(reply.get("tokens").get(0).intValue()).isEqualTo(best);
    }

    @Test
    void withoutTokenizer() throws IOException {
        String file = synthetic("qwen3next");
        assertThat(Cli.sluice("run", "-m", file, "--tokens", "5", "-n", "2").output())
                .isEmpty();
        Cli.sluice("run", "-m", file, "--raw", "hello").refuses(file, "no tokenizer", "token ids");
        Cli.sluice("run", "-m", file, "hello").refuses(file, "chat_template");
        Cli.sluice("run", "-m", file, "--tokens", "5", "--stop", "x").refuses(file, "no tokenizer");
        Cli.sluice("tokenize", "-m", file).refuses(file, "no tokenizer");
    }

    @Test
    void nothingToGenerate() throws IOException {
        JsonNode reply = JSON.readTree(
                Cli.sluice("run", "--raw", "-n", "0", "--json", "Hello").output());
        assertThat(reply.get("tokens")).isEmpty();
        assertThat(reply.get("text").textValue()).isEmpty();
        assertThat(reply.get("finish").textValue()).isEqualTo("length");
    }

    @Test
    void stopStrings() throws IOException {
        String[] command = {
            "run", "--raw", "-n", "24", "--temp", "0", "--ignore-eos", "--json", "The", "--stop", "\u0000"
        };
        String all = JSON.readTree(Cli.sluice(command).output()).get("text").textValue();
        assertThat(all).hasSizeGreaterThan(8);
        String stop = all.substring(all.length() / 2, all.length() / 2 + 3);
        command[command.length - 1] = stop;
        JsonNode reply = JSON.readTree(Cli.sluice(command).output());
        assertThat(reply.get("text").textValue()).isEqualTo(all.substring(0, all.indexOf(stop)));
        assertThat(reply.get("finish").textValue()).isEqualTo("stop");
    }

    /** Where no terminal shows it dimmed, reasoning stays out of the answer. */
    @Test
    void reasoningIsNotPartOfTheOutput() {
        Cli thinking = Cli.sluice("run", "--think", "--temp", "0", "What is the capital of France?");
        assertThat(thinking.status()).isZero();
        assertThat(thinking.out()).contains("Paris").doesNotContain("think>");
        assertThat(thinking.err()).startsWith("<think>\n").endsWith("\n</think>\n\n");
    }

    /** TEXT, -p, -f FILE and -f - are the same prompt; printed text is that of the JSON. */
    @Test
    void promptSources() throws IOException {
        String prompt = "Where is the blue box? Ü";
        byte[] utf8 = prompt.getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(directory.resolve("prompt.txt"), utf8);
        String reply = Cli.sluice("run", "--no-think", "-n", "8", "--temp", "0", prompt)
                .output();
        assertThat(reply).isNotBlank();
        assertThat(Cli.sluice("run", "--no-think", "-n", "8", "--temp", "0", "-p", prompt)
                        .output())
                .isEqualTo(reply);
        assertThat(Cli.sluice("run", "--no-think", "-n", "8", "--temp", "0", "-f", file.toString())
                        .output())
                .isEqualTo(reply);
        assertThat(Cli.sluice(utf8, "run", "--no-think", "-n", "8", "--temp", "0", "-f", "-")
                        .output())
                .isEqualTo(reply);
        assertThat(Cli.sluice("run", "--no-think", "-n", "8", "--temp", "0", "Where", "is", "the", "blue", "box?", "Ü")
                        .output())
                .isEqualTo(reply);
        JsonNode json = JSON.readTree(Cli.sluice("run", "--no-think", "-n", "8", "--temp", "0", "--json", prompt)
                .output());
        assertThat(reply.strip()).isEqualTo(json.get("text").textValue().strip());
        assertThat(Cli.sluice("run", "-n", "1", "--raw", "@no-such-file").status())
                .isZero();
    }

    @Test
    void seeds() {
        String[] command = {
            "run", "--raw", "-n", "24", "--temp", "1.5", "--top-p", "1", "--top-k", "0", "-s", "7", "The"
        };
        String first = Cli.sluice(command).output();
        assertThat(Cli.sluice(command).output()).isEqualTo(first);
        command[11] = "8";
        assertThat(Cli.sluice(command).output()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void logits(String architecture) throws IOException {
        String file = synthetic(architecture);
        String tokens = "1,2,3,4,5,6,7,8,9,10,11";
        float[] last = logits(file, "--tokens", tokens);
        float[] all = logits(file, "--tokens", tokens, "--all");
        assertThat(last).hasSize(VOCABULARY);
        assertThat(all).hasSize(11 * VOCABULARY);
        float[] lastRow = new float[VOCABULARY];
        System.arraycopy(all, 10 * VOCABULARY, lastRow, 0, VOCABULARY);
        assertThat(nmse(last, lastRow)).isLessThan(1e-10);
        assertThat(nmse(last, logits(file, "--tokens", tokens, "--chunk", "1"))).isLessThan(1e-10);
        assertThat(nmse(last, logits(file, "--tokens", tokens, "--chunk", "4"))).isLessThan(1e-10);
        assertThat(nmse(all, logits(file, "--tokens", tokens, "--all", "--chunk", "4")))
                .isLessThan(1e-10);
        assertThat(nmse(all, logits(file, "--tokens", tokens, "--all", "--chunk", "100")))
                .isLessThan(1e-10);
        assertThat(logits(file, "--tokens", tokens, "--kv", "f32")).isEqualTo(last); // the default
        assertThat(logits(file, "--tokens", tokens, "--kv", "f16")).isNotEqualTo(last);
    }

    /** Runs the command and reads the file back as NumPy does. */
    private float[] logits(String file, String... args) throws IOException {
        Path output = directory.resolve("logits.npy");
        List<String> command = new ArrayList<>(List.of("logits", "-m", file, "-o", output.toString()));
        command.addAll(List.of(args));
        assertThat(Cli.sluice(command.toArray(String[]::new)).output()).isEmpty();
        ByteBuffer npy = ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(npy.get(0) & 0xFF).isEqualTo(0x93);
        assertThat(text(npy, 1, 5)).isEqualTo("NUMPY");
        assertThat(npy.getShort(6)).isEqualTo((short) 1); // version 1.0
        int length = npy.getShort(8);
        assertThat((10 + length) % 64).isZero();
        String header = text(npy, 10, length);
        assertThat(header).endsWith("\n");
        Matcher matcher = Pattern.compile(
                        "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+),( \\d+,)?\\), }\\s+")
                .matcher(header);
        assertThat(matcher.matches()).as(header).isTrue();
        FloatBuffer values =
                npy.position(10 + length).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        int rows = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(1));
        int columns = Integer.parseInt(
                matcher.group(2) == null ? matcher.group(1) : matcher.group(2).replaceAll("\\D", ""));
        assertThat(rows * columns).isEqualTo(values.remaining());
        float[] array = new float[values.remaining()];
        values.get(array);
        return array;
    }

    private static String text(ByteBuffer bytes, int from, int length) {
        return new String(bytes.array(), from, length, StandardCharsets.US_ASCII);
    }

    /** Mean square of the difference over that of the first. */
    private static double nmse(float[] expected, float[] actual) {
        assertThat(actual).hasSameSizeAs(expected);
        double error = 0;
        double power = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow((double) expected[i] - actual[i], 2);
            power += Math.pow(expected[i], 2);
        }
        assertThat(power).isPositive();
        return error / power;
    }

    @Test
    void embeddedModelHasItsCard() throws IOException {
        String card;
        try (var in = Program.class.getResourceAsStream("sluice-tiny-dense.md")) {
            card = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(card).contains("Apache-2.0", "## Training", "## Scores", "## Limits");
        long parameters = 0;
        for (JsonNode tensor :
                JSON.readTree(Cli.sluice("inspect", "--json").output()).get("tensors")) {
            long elements = 1;
            for (JsonNode size : tensor.get("shape")) {
                elements *= size.longValue();
            }
            parameters += elements;
        }
        assertThat(parameters / 1e6).isCloseTo(4.9, within(0.05));
    }
}
