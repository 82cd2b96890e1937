package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Inspection;
import dev.sluice.SyntheticModel;
import dev.sluice.app.inspect.Description;
import dev.sluice.app.inspect.Page;
import dev.sluice.app.inspect.TerminalView;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VOCABULARY = 320;

    @TempDir
    private Path directory;

    /** A model with all that a file can have: tokenizer, two templates, sampling settings, an MTP block, other tensors. */
    static GgufWriter rich() {
        List<String> tokens = new ArrayList<>(
                IntStream.range(0, 300).mapToObj(i -> "token" + i).toList());
        tokens.add("<|im_end|>");
        IntStream.range(301, VOCABULARY).forEach(i -> tokens.add("[PAD" + i + "]"));
        int[] kinds = IntStream.range(0, VOCABULARY)
                .map(i -> i < 300 ? 1 : i == 300 ? 3 : 5)
                .toArray();
        return SyntheticModel.of("qwen35")
                .set("n_layer", 8)
                .type(TensorType.F16)
                .mtp()
                .writer()
                .putString("tokenizer.ggml.model", "gpt2")
                .putString("tokenizer.ggml.pre", "qwen35")
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putInts("tokenizer.ggml.token_type", kinds)
                .putStrings("tokenizer.ggml.merges", List.of("token1 token2"))
                .putU32("tokenizer.ggml.eos_token_id", 300)
                .putString("tokenizer.chat_template", "{% for m in messages %}{{ m.content }}{% endfor %}\n")
                .putString("tokenizer.chat_template.tool_use", "{{ tools")
                .putF32("general.sampling.temp", 0.5f)
                .putF32("general.sampling.top_p", 0.75f)
                .add("v.patch.weight", new long[] {2}, 1, 2)
                .add("v.patch.bias", new long[] {2}, 1, 2);
    }

    private String write(GgufWriter writer) throws IOException {
        Path file = directory.resolve("model.gguf");
        Files.write(file, writer.toBytes());
        return file.toString();
    }

    @Test
    void terminal() throws IOException {
        String file = write(rich());
        StringWriter out = new StringWriter();
        try (Gguf open = Gguf.open(Path.of(file))) {
            Description description = Description.of("FILE", open, Inspection.of(open), OptionalInt.of(5000));
            new TerminalView(new Page(new PrintWriter(out), 100, false, false)).print(description);
        }
        // How much scratch there is depends on the machine's vectors.
        assertThat(out.toString().replaceAll("scratch +[0-9.]+ [KM]iB", "scratch         SIZE"))
                .isEqualToNormalizingNewlines(GOLDEN);
    }

    private static final String GOLDEN = """
            synthetic-qwen35
            qwen35 · 1.6 M parameters · 3.0 MiB · 16.10 bits per weight · GGUF 3 · 125 tensors
            FILE

            Metadata
              general.architecture                     qwen35
              general.name                             synthetic-qwen35
              general.alignment                        32
              qwen35.block_count                       9
              qwen35.context_length                    4096
              qwen35.embedding_length                  128
              qwen35.feed_forward_length               256
              qwen35.attention.head_count              4
              qwen35.attention.head_count_kv           2
              qwen35.attention.key_length              32
              qwen35.attention.value_length            32
              qwen35.attention.layer_norm_rms_epsilon  1e-6
              qwen35.rope.freq_base                    1e7
              qwen35.rope.dimension_count              8
              qwen35.rope.dimension_sections           [2, 1, 1, 0]
              qwen35.ssm.conv_kernel                   4
              qwen35.ssm.state_size                    32
              qwen35.ssm.group_count                   2
              qwen35.ssm.time_step_rank                4
              qwen35.ssm.inner_size                    128
              qwen35.full_attention_interval           4
              qwen35.nextn_predict_layers              1
              tokenizer.ggml.model                     gpt2
              qwen35.vocab_size                        320
              tokenizer.ggml.pre                       qwen35
              tokenizer.ggml.tokens                    ["token0", "token1", "token2", "token3", …] (320 strings)
              tokenizer.ggml.token_type                [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, …] (320 ints)
              tokenizer.ggml.merges                    ["token1 token2"]
              tokenizer.ggml.eos_token_id              300
              tokenizer.chat_template                  {% for m in messages %}{{ m.content }}{% endfor %}\\n
              tokenizer.chat_template.tool_use         {{ tools
              general.sampling.temp                    0.5
              general.sampling.top_p                   0.75

            Layers                                                     types          parameters       size
            ├─ embedding              token_embd.weight [128, 320]      F16               41.0 K   80.0 KiB
            ├─ 6 × delta net, dense   0-2, 4-6                          F16 F32          166.2 K  327.2 KiB each
            ├─ 2 × attention, dense   3, 7                              F16 F32          164.2 K  321.3 KiB each
            ├─ MTP: attention, dense  8                                 F16 F32          197.3 K  386.8 KiB
            ├─ output norm            output_norm.weight [128]          F32                  128  512 bytes
            ├─ head                   tied to the embedding
            └─ other                  v.*, 2 tensors                    F32                    4   16 bytes

            Types
              F16     ███████████████████████████████████████▌  98.8 %     3.0 MiB     1.6 M    71 tensors
              F32     ▌                                          1.2 %    36.7 KiB     9.4 K    54 tensors

            Tokenizer
              kind            gpt2 (byte-level BPE), pre-tokenizer qwen35
              vocabulary      320 tokens, 1 merges
                              300 normal, 1 control, 19 unused
              eos id          300 <|im_end|>
              ends a reply    300 <|im_end|>
              padding         19 ids from 301 to 319, never generated

            Chat templates
              default         51 characters, 1 line, SHA-256 d1c49e4693a0…
                              reads messages
              tool_use        refused, see below

            Settings
              RoPE            8 values of a head, base 1e7, sections [2, 1, 1, 0], no scaling
              sampling        temperature=0.5*, top-k=20, top-p=0.75*, min-p=0, repeat-penalty=1,
                              penalty-last-n=-1
                              * from the file

            Engine
              layers          8, and 1 of MTP, not used
              context length  4,096
              weights         3.0 MiB, mapped from the file
              scratch         SIZE, for all sessions together

                     context   KV cache, F16   recurrent state    a session
                       4,096         2.0 MiB         114.0 KiB      2.1 MiB
            →          5,000         2.5 MiB         114.0 KiB      2.6 MiB  more than the model's

              warning         chat template tool_use: a tag is not closed: '}}' is missing (chat template, line
                              1, column 3)
              supported       yes
            """;

    @Test
    void everyTensor() throws IOException {
        String text = Cli.sluice("inspect", "-v", "-m", write(rich())).output();
        assertThat(text.lines().filter(line -> line.contains("ffn_down.weight")))
                .hasSize(9);
        assertThat(text).containsPattern("├─ blk\\.3 +attention, dense");
        assertThat(text).containsPattern("│  └─ ffn_down\\.weight +\\[256, 128] +F16 +32\\.8 K +64\\.0 KiB");
    }

    @Test
    void json() throws IOException {
        String file = write(rich());
        JsonNode json = JSON.readTree(
                Cli.sluice("inspect", "-m", file, "--json", "-c", "5000").output());
        assertThat(json.at("/file").textValue()).isEqualTo(file);
        assertThat(json.at("/bytes").longValue()).isEqualTo(Files.size(Path.of(file)));
        assertThat(json.at("/parts")).hasSize(1);
        assertThat(json.at("/architecture").textValue()).isEqualTo("qwen35");
        assertThat(json.at("/parameters/total").longValue()).isPositive();
        assertThat(json.at("/parameters").has("active")).isFalse();
        assertThat(json.at("/metadata/general.architecture").textValue()).isEqualTo("qwen35");
        assertThat(json.at("/metadata/tokenizer.ggml.tokens")).hasSize(VOCABULARY);
        assertThat(json.at("/metadata/tokenizer.ggml.token_type")).hasSize(VOCABULARY);
        assertThat(json.at("/types/0/type").textValue()).isEqualTo("F16");
        assertThat(json.at("/types/0/share").doubleValue()
                        + json.at("/types/1/share").doubleValue())
                .isBetween(1 - 1e-9, 1 + 1e-9);
        assertThat(json.at("/layers/groups/0/blocks").toString()).isEqualTo("[0,1,2,4,5,6]");
        assertThat(json.at("/layers/groups/0/mixer").textValue()).isEqualTo("delta net");
        assertThat(json.at("/layers/groups/1/feed_forward").textValue()).isEqualTo("dense");
        assertThat(json.at("/layers/groups/2/mtp").booleanValue()).isTrue();
        assertThat(json.at("/layers/tied").booleanValue()).isTrue();
        assertThat(json.at("/tensors/0/name").textValue()).isEqualTo("token_embd.weight");
        assertThat(json.at("/tensors/0/shape").toString()).isEqualTo("[128,320]");
        assertThat(json.at("/tokenizer/end_of_generation/0/id").intValue()).isEqualTo(300);
        assertThat(json.at("/tokenizer/padding/count").intValue()).isEqualTo(19);
        assertThat(json.at("/tokenizer/kinds/normal").intValue()).isEqualTo(300);
        assertThat(json.at("/chat_templates/0/variables").toString()).isEqualTo("[\"messages\"]");
        assertThat(json.at("/chat_templates/0/sha256").textValue()).matches("[0-9a-f]{64}");
        assertThat(json.at("/chat_templates/1/problem").textValue()).contains("not closed");
        assertThat(json.at("/sampling/in_force/0").toString())
                .isEqualTo("{\"name\":\"temperature\",\"value\":0.5,\"from_file\":true}");
        assertThat(json.at("/rope/base").doubleValue()).isEqualTo(1e7);
        assertThat(json.at("/engine/supported").booleanValue()).isTrue();
        assertThat(json.at("/engine/layers").intValue()).isEqualTo(8);
        assertThat(json.at("/engine/mtp_blocks").intValue()).isEqualTo(1);
        assertThat(json.at("/engine/warnings/0/kind").textValue()).isEqualTo("chat_template");
        JsonNode session = json.at("/engine/memory/sessions/1");
        assertThat(session.get("context").intValue()).isEqualTo(5000);
        assertThat(session.get("asked").booleanValue()).isTrue();
        // two layers of attention, 2 x 32 keys and values of 2 bytes for each token, in blocks of 256
        assertThat(session.get("kv_cache_bytes").longValue()).isEqualTo(2 * 5120L * 2 * 2 * 32 * 2);
    }

    @Test
    void jsonWithoutLongArrays() throws IOException {
        String file = write(rich());
        JsonNode metadata = JSON.readTree(Cli.sluice("inspect", "-m", file, "--json", "--no-arrays")
                        .output())
                .get("metadata");
        JsonNode tokens = metadata.get("tokenizer.ggml.tokens");
        assertThat(tokens.get("array_length").intValue()).isEqualTo(VOCABULARY);
        assertThat(tokens.get("element_type").textValue()).isEqualTo("string");
        assertThat(tokens.get("sha256").textValue()).matches("[0-9a-f]{64}");
        assertThat(metadata.get("qwen35.rope.dimension_sections").toString()).isEqualTo("[2,1,1,0]");
    }

    @Test
    void numbersThatJsonDoesNotHave() throws IOException {
        String file = write(SyntheticModel.of("qwen35")
                .writer()
                .putF32("x.nan", Float.NaN)
                .putF64("x.infinite", Double.NEGATIVE_INFINITY)
                .putU64("x.large", -1)
                .putFloats("x.array", 1.5f, Float.NaN));
        JsonNode metadata = JSON.readTree(
                        Cli.sluice("inspect", "-m", file, "--json").output())
                .get("metadata");
        assertThat(metadata.get("x.nan").toString()).isEqualTo("\"NaN\"");
        assertThat(metadata.get("x.infinite").toString()).isEqualTo("\"-Infinity\"");
        assertThat(metadata.get("x.large").toString()).isEqualTo("18446744073709551615");
        assertThat(metadata.get("x.array").toString()).isEqualTo("[1.5,\"NaN\"]");
    }

    @Test
    void expertsThatATokenUses() throws IOException {
        SyntheticModel model = SyntheticModel.of("qwen35moe").mtp();
        long[] active = {0};
        model.tensors().forEach((name, shape) -> {
            long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            active[0] += name.startsWith("blk.4.") ? 0 : name.contains("_exps") ? elements * 2 / 8 : elements;
        });
        String file = write(model.writer());
        JsonNode json =
                JSON.readTree(Cli.sluice("inspect", "-m", file, "--json").output());
        assertThat(json.at("/parameters/active").longValue()).isEqualTo(active[0]);
        assertThat(json.at("/layers/groups/0/feed_forward").textValue()).isEqualTo("MoE");
        assertThat(Cli.sluice("inspect", "-m", file).output())
                .contains("active per token", "3 × delta net, MoE", "MTP: attention, MoE");
    }

    @Test
    void untiedHead() throws IOException {
        String text = Cli.sluice(
                        "inspect",
                        "-m",
                        write(SyntheticModel.of("qwen35").untied().writer()))
                .output();
        assertThat(text)
                .containsPattern("└─ head +output\\.weight \\[128, 320]")
                .doesNotContain("tied");
    }

    @Test
    void splitFile() throws IOException {
        SyntheticModel model = SyntheticModel.of("qwen35");
        int tensors = model.tensors().size();
        String first = model.writer()
                .writeSplit(directory, "model", 10, tensors - 10)
                .getFirst()
                .toString();
        JsonNode json =
                JSON.readTree(Cli.sluice("inspect", "-m", first, "--json").output());
        assertThat(json.get("parts")).hasSize(2);
        assertThat(json.at("/parts/0/tensors").intValue()).isEqualTo(10);
        assertThat(json.at("/parts/1/name").textValue()).endsWith("model-00002-of-00002.gguf");
        assertThat(json.at("/parts/0/bytes").longValue()
                        + json.at("/parts/1/bytes").longValue())
                .isEqualTo(json.at("/bytes").longValue());
        assertThat(Cli.sluice("inspect", "-m", first).output()).contains("-00002-of-00002.gguf: " + (tensors - 10));
    }

    /** Any file can be shown: nothing in it steers the terminal, and there is no end of neither lines nor columns. */
    @Test
    void hostileFile() throws IOException {
        String evil = "\u001b[31m\u009b1m\u202e\u2028\r\n漢字";
        GgufWriter writer = new GgufWriter()
                .putString("general.architecture", "mamba" + evil)
                .putString("general.name", evil.repeat(1000))
                .putString("tokenizer.ggml.model", "spm" + evil)
                .putStrings("tokenizer.ggml.tokens", List.of(evil))
                .putInts("tokenizer.ggml.token_type", 3)
                .putU32("tokenizer.ggml.bos_token_id", 0)
                .putU32("tokenizer.ggml.eos_token_id", 99)
                .putString("tokenizer.chat_template." + evil, "{{ " + evil)
                .putString("general.sampling." + evil, evil);
        for (int i = 0; i < 500; i++) {
            writer.putU32("key" + evil + i, i);
            writer.add("blk." + i + "." + evil, new long[] {i + 1}, new float[i + 1]);
            writer.add(evil + i + ".weight", new long[] {1}, 0);
        }
        String file = write(writer);
        String text = Cli.sluice("inspect", "-m", file).output();
        assertThat(text.replaceAll("\\R", "")).doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u202e\u2028]");
        assertThat(text.lines()).hasSizeLessThan(300);
        assertThat(text.lines().filter(line -> !line.contains("."))).allMatch(line -> line.length() <= 2100);
        assertThat(text).contains("more keys, see --all", "more lines, see --all", "supported       no");
        assertThat(Cli.sluice("inspect", "-m", file, "--all").output().lines()).hasSizeGreaterThan(1500);
        assertThat(JSON.readTree(Cli.sluice("inspect", "-m", file, "--json").output())
                        .at("/name")
                        .textValue())
                .isEqualTo(evil.repeat(1000));
    }

    @Test
    void fileWithNothingInIt() throws IOException {
        String file = write(new GgufWriter());
        assertThat(Cli.sluice("inspect", "-m", file).output())
                .contains("unnamed model", "no architecture", "0 tensors", "\"general.architecture\" is missing");
        assertThat(Cli.sluice("inspect", "-m", file, "--json").output()).contains("\"supported\":false");
    }

    @Test
    void coloursOnlyWhereTheyMayBe() throws IOException {
        String file = write(SyntheticModel.of("qwen35").writer());
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), new PrintWriter(out), new PrintWriter(out), false, true, true);
        assertThat(Program.run(terminal, "inspect", "-m", file)).isZero();
        String plain = Cli.sluice("inspect", "-m", file).output();
        assertThat(out.toString()).contains("\u001b[1mLayers");
        assertThat(out.toString().replaceAll("\u001b\\[\\d+m", "").lines().map(String::stripTrailing))
                .containsExactlyElementsOf(plain.lines().toList());
        assertThat(plain).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"80,80", "200,200", "20,100", "abc,100", "99999,100", ",100", "-5,100"})
    void width(String columns, int width) {
        assertThat(InspectCommand.width(columns)).isEqualTo(width);
    }

    @Test
    void contextBeyondTheModels() throws IOException {
        String file = write(SyntheticModel.of("qwen35").writer());
        assertThat(Cli.sluice("inspect", "-m", file, "-c", "9999").output())
                .containsPattern("→ +9,999 .*  more than the model's");
    }
}
