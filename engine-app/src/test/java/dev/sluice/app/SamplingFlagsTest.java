package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.sample.SamplingPreset;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of sampling reach it, and what was in force is reported. */
class SamplingFlagsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode run(String... options) throws IOException {
        String[] command = Stream.of(List.of("run", "--raw", "-n", "12", "--json"), List.of(options), List.of("The"))
                .flatMap(List::stream)
                .toArray(String[]::new);
        return JSON.readTree(Cli.sluice(command).output());
    }

    private static String sampling(String... options) throws IOException {
        return run(options).get("sampling").toString();
    }

    @Test
    void defaultsAreReported() throws IOException {
        assertThat(sampling("-s", "5"))
                .isEqualTo("{\"temperature\":0.7,\"top_k\":20,\"top_p\":0.8,\"min_p\":0.0,\"seed\":5}");
        assertThat(run().at("/sampling/seed").isIntegralNumber()).isTrue();
    }

    @Test
    void whatHasNoEffectIsNotReported() throws IOException {
        assertThat(sampling("--temp", "0", "--top-k", "3", "-s", "5", "--repeat-penalty", "2", "--repeat-last-n", "0"))
                .isEqualTo("{\"temperature\":0.0}");
    }

    @Test
    void allOfThem() throws IOException {
        String options = "--temp 0.5 --top-k 9 --top-p 0.75 --min-p 0.25 --repeat-penalty 1.5 --presence-penalty -0.5"
                + " --frequency-penalty 0.125 --repeat-last-n 64 -l 7+1.5 --logit-bias 5-inf -s 3";
        assertThat(sampling(options.split(" ")))
                .isEqualTo("{\"temperature\":0.5,\"top_k\":9,\"top_p\":0.75,\"min_p\":0.25,\"repeat_penalty\":1.5,"
                        + "\"presence_penalty\":-0.5,\"frequency_penalty\":0.125,\"repeat_last_n\":64,"
                        + "\"logit_bias\":{\"5\":false,\"7\":1.5},\"seed\":3}");
    }

    @Test
    void aPresetAndWhatIsGivenBesideIt() throws IOException {
        assertThat(sampling("--preset", "qwen3.5-nothink-reasoning", "--top-k", "7", "-s", "1"))
                .isEqualTo("{\"temperature\":1.0,\"top_k\":7,\"top_p\":1.0,\"min_p\":0.0,\"repeat_penalty\":1.0,"
                        + "\"presence_penalty\":2.0,\"frequency_penalty\":0.0,\"repeat_last_n\":-1,\"seed\":1}");
        assertThat(sampling("--temp", "0", "--preset", "qwen3-thinking")).isEqualTo("{\"temperature\":0.0}");
    }

    @Test
    void penaltiesAndBiasesChangeTheReply() throws IOException {
        JsonNode plain = run("--temp", "0", "--ignore-eos").get("tokens");
        int first = plain.get(0).intValue();
        assertThat(run("--temp", "0", "--ignore-eos", "-l", first + "-inf").get("tokens"))
                .doesNotContain(plain.get(0));
        assertThat(run("--temp", "0", "--ignore-eos", "-l", first + "+1e6").get("tokens"))
                .containsOnly(plain.get(0));
        JsonNode spread =
                run("--temp", "0", "--ignore-eos", "--repeat-penalty", "1e9").get("tokens");
        assertThat(spread).doesNotHaveDuplicates().hasSize(12);
    }

    @Test
    void statsSayTheSettings() {
        Cli run = Cli.sluice(
                "run", "--raw", "-n", "3", "-s", "5", "--stats", "--ignore-eos", "--repeat-penalty", "1.1", "The");
        assertThat(run.status()).isZero();
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err().lines().findFirst().orElseThrow())
                .matches("\\d+ prompt tokens, [\\d.]+/s; 3 generated, [\\d.]+/s");
        assertThat(run.err())
                .endsWith("temperature 0.7, top k 20, top p 0.8, min p 0.0, repeat penalty 1.1, presence penalty 0.0,"
                        + " frequency penalty 0.0, repeat last n -1, seed 5" + System.lineSeparator());
    }

    @Test
    void presetsAreListedWithoutAPrompt() {
        List<String> lines =
                Cli.sluice("run", "--preset", "list").output().lines().toList();
        assertThat(lines).hasSize(1 + SamplingPreset.values().length);
        assertThat(lines.getFirst()).matches("name +temp +top-k +top-p +presence +for");
        for (SamplingPreset preset : SamplingPreset.values()) {
            assertThat(lines.get(1 + preset.ordinal()))
                    .startsWith(preset.label() + " ")
                    .endsWith(preset.description());
        }
        assertThat(lines.get(1)).containsPattern(" 1\\.0 +20 +0\\.95 +1\\.5 ");
    }

    @ParameterizedTest
    @CsvSource({
        "42+1.5, 42, 1.5",
        "42-3, 42, -3",
        "0+0, 0, 0",
        "7-.5, 7, -0.5",
        "7+2., 7, 2",
        "7+1e2, 7, 100",
        "7-1E-2, 7, -0.01",
        "7-inf, 7, -Infinity",
        "2147483647+1, 2147483647, 1"
    })
    void biases(String given, int token, double bias) {
        assertThat(new TokenBias.Converter().convert(given)).isEqualTo(new TokenBias(token, bias));
    }
}
