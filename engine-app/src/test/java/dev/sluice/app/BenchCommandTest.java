package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.SyntheticModel;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice bench} on a model that takes no time; what it measures is tested in engine-bench. */
class BenchCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private String file;

    @BeforeEach
    void write() throws IOException {
        file = SyntheticModel.of("qwen35")
                .type(TensorType.Q8_0)
                .writeTo(directory.resolve("model.gguf"))
                .toString();
    }

    @Test
    void theFormThatOthersRelyOn() throws Exception {
        JsonNode json =
                JSON.readTree(Cli.sluice("bench", "-m", file, "-p", "8", "-n", "4", "-r", "3", "-t", "2", "-o", "json")
                        .output());
        assertThat(json.isObject()).isTrue();
        assertThat(json.get("prefill_tps").doubleValue()).isPositive();
        assertThat(json.get("decode_tps").doubleValue()).isPositive();
        assertThat(json.get("prefill_samples")).hasSize(3);
        assertThat(json.get("threads").intValue()).isEqualTo(2);
        assertThat(json.get("prefill_tokens").intValue()).isEqualTo(8);
        assertThat(json.get("decode_depth").intValue()).isEqualTo(8);
        assertThat(json.get("file").textValue()).isEqualTo(file);
        assertThat(json.get("state_bytes").longValue()).isPositive();
        assertThat(json.has("resident_bytes")).isTrue();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(Path.of(file)));
        assertThat(json.get("file_sha256").textValue()).isEqualTo(HexFormat.of().formatHex(digest));
    }

    @Test
    void theMatrix() {
        String lines = Cli.sluice(
                        "bench",
                        "-m",
                        file,
                        "-p",
                        "4,8",
                        "-n",
                        "2",
                        "-d",
                        "0,16,prompt",
                        "-r",
                        "1",
                        "-o",
                        "jsonl",
                        "--no-hash",
                        "--warmup",
                        "0",
                        "--kv",
                        "f32")
                .output();
        assertThat(lines.lines()).hasSize(6).allMatch(line -> line.contains("\"file_sha256\":null"));
        assertThat(lines.lines().filter(line -> line.contains("\"decode_depth\":16")))
                .hasSize(2);
    }

    @Test
    void theDefaultIsATable() {
        String table = Cli.sluice("bench", "-p", "8", "-n", "2", "-r", "2").output();
        assertThat(table).startsWith("| test | tokens/s |").contains("| pp8 | ", "| tg2 @ d8 | ", "the embedded");
        assertThat(table.lines()).noneMatch(line -> line.contains("SHA-256"));
    }

    @Test
    void againstAStub() throws IOException {
        String[] command = {
            "bench",
            "-m",
            file,
            "-p",
            "8",
            "-n",
            "2",
            "-r",
            "2",
            "-o",
            "json",
            "--against",
            "cat {model}.{p}.{n}.{d}.{t}",
            "-t",
            "1"
        };
        Cli.sluice(command).refuses("--against: exit status 1", "model.gguf.8.2.prompt.1");
        Files.writeString(Path.of(file + ".8.2.prompt.1"), "{\"prefill_tps\": 10, \"decode_tps\": 5}");
        JsonNode json = JSON.readTree(Cli.sluice(command).output());
        assertThat(json.get("against_prefill_samples").toString()).isEqualTo("[10.0,10.0]");
        assertThat(json.get("prefill_ratio").doubleValue()).isPositive();
        assertThat(json.get("decode_ratio_min").doubleValue())
                .isLessThanOrEqualTo(json.get("decode_ratio_max").doubleValue());
    }

    @Test
    void limits() throws IOException {
        JsonNode json = JSON.readTree(
                Cli.sluice("bench", "-m", file, "-p", "8", "-n", "2", "-r", "1", "-t", "1", "-o", "json", "--limits")
                        .output());
        assertThat(json.get("fma_gflops").doubleValue()).isPositive();
        assertThat(json.get("memory_read_gbps_before_after")).hasSize(2);
        assertThat(json.get("prefill_share_of_fma").isNumber()).isTrue();
    }

    @Test
    void theStatusIsForTerminalsOnly() {
        StringWriter text = new StringWriter();
        StatusLine hidden = new StatusLine(new PrintWriter(text), false);
        hidden.show("run 1");
        hidden.clear();
        assertThat(text.toString()).isEmpty();
        StatusLine visible = new StatusLine(new PrintWriter(text), true);
        visible.show("run 1");
        visible.clear();
        assertThat(text.toString()).isEqualTo("\r\u001b[Krun 1\r\u001b[K");
    }
}
