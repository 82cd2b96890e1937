package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.SyntheticModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations through a pipe. */
class ChatCommandTest {
    @TempDir
    private Path directory;

    private static Cli chat(String input, String... options) {
        List<String> command = new ArrayList<>(List.of("chat", "--temp", "0"));
        command.addAll(List.of(options));
        return Cli.sluice(input.getBytes(StandardCharsets.UTF_8), command.toArray(String[]::new));
    }

    @Test
    void everyLineIsAnswered() {
        String answers = chat("What is the capital of France?\n\r\n  \nWhat is the capital of Japan?", "--no-think")
                .output();
        assertThat(answers.lines()).hasSize(2);
        assertThat(answers).matches("(?s).*Paris.*\n.*Tokyo.*\n");
        assertThat(chat("").output()).isEmpty();
    }

    /** A conversation of one message is what run answers. */
    @Test
    void answersAsRunDoes() {
        String question = "Where is the blue box? Ü";
        String[] run = {"run", "--temp", "0", "-n", "9", "--no-think", "--system", "Be short.", question};
        assertThat(chat(question + "\r\n", "-n", "9", "--no-think", "--system", "Be short.")
                        .out())
                .isEqualTo(Cli.sluice(run).output());
        assertThat(chat("/think off\n/system Be short.\n" + question, "-n", "9").out())
                .isEqualTo(Cli.sluice(run).output());
    }

    @Test
    void reasoningIsBesideTheAnswers() {
        Cli whole = chat("What is the capital of France?\n/fold\nWhat is the capital of Japan?\n");
        assertThat(whole.status()).isZero();
        assertThat(whole.out()).matches("(?s).*Paris.*\n.*Tokyo.*\n").doesNotContain("think>", "thought");
        assertThat(whole.err())
                .startsWith("<think>\n")
                .containsPattern("\n</think>\n\n\\[reasoning as one line]\n\\[thought for \\d+ tokens]\n$")
                .doesNotContain("\u001b");
    }

    @Test
    void savesAndLoads() throws IOException {
        Path file = directory.resolve("my talk.json");
        Cli first =
                chat("What is the capital of \\\nFrance?\n//slash\n/save " + file + "\n/reset\n/save " + file + "2");
        assertThat(first.err()).contains("[saved 4 messages to " + file + "]", "[forgotten]", "[saved 0 messages");
        JsonNode messages = new ObjectMapper().readTree(file.toFile()).get("messages");
        assertThat(messages).hasSize(4);
        assertThat(messages.at("/0/content").textValue()).isEqualTo("What is the capital of \nFrance?");
        assertThat(messages.at("/1/reasoning").textValue()).isNotBlank();
        assertThat(messages.at("/1/content").textValue())
                .isEqualTo(first.out().lines().findFirst().orElseThrow());
        assertThat(messages.at("/2/content").textValue()).isEqualTo("/slash");

        Path again = directory.resolve("again.json");
        assertThat(chat("/load " + file + "\n/save " + again).err()).contains("[loaded 4 messages]");
        assertThat(again).hasSameTextualContentAs(file);
    }

    @Test
    void statistics() {
        Cli cli = chat(
                "What is the capital of France?\nWhat is the capital of Japan?\n/stats\n", "--no-think", "-s", "4");
        assertThat(cli.output().lines().skip(2).toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "prompt +\\d+ tokens: 0 cached, \\d+ read \\(\\d+ of them again\\), [\\d.]+ tokens/s"),
                        line -> assertThat(line).matches("reply +\\d+ tokens, [\\d.]+ tokens/s; seed 4"),
                        line -> assertThat(line).matches("context +\\d+ of 4096 tokens"),
                        line -> assertThat(line).matches("weights +5\\.1 MiB, mapped"),
                        line -> assertThat(line).matches("session +[\\d.]+ \\w+ of at most [\\d.]+ MiB"),
                        line -> assertThat(line).matches("heap +[\\d.]+ MiB, working memory [\\d.]+ MiB"));
        assertThat(chat("/stats").output().lines()).hasSize(4);
    }

    @Test
    void helpAndExit() {
        String help = chat("/help\n/exit\nWhat is the capital of France?").output();
        assertThat(help.lines()).hasSize(9).allMatch(line -> line.matches("/[a-z]+ .*\\S"));
    }

    @Test
    void limits() {
        assertThat(chat("Tell me", "--no-think", "-n", "3", "--ignore-eos").err())
                .isEqualTo("[stopped after the 3 tokens of -n]\n");
        assertThat(chat("Tell me", "--no-think", "-c", "24", "--ignore-eos").err())
                .isEqualTo("[the context is full: /reset, or start with a larger -c]\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/foo bar ; unknown command /foo",
                "/think maybe ; /think: expected /think on|off",
                "/save ; /save: expected /save FILE",
                "/reset now ; /reset takes nothing, got: now",
                "/save none/talk.json ; none",
                "/load none.json ; none.json: no such file",
                "/load . ; .: a directory"
            })
    void badCommands(String command, String words) {
        chat("\n" + command).refuses("standard input, line 2: ", words);
    }

    @Test
    void badText() {
        byte[] text = "/fold\nGr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1);
        Cli cli = Cli.sluice(text, "chat");
        assertThat(cli.status()).isEqualTo(2);
        assertThat(cli.err()).endsWith("sluice: standard input, line 2: invalid UTF-8; expected UTF-8 text\n");
        chat("why ".repeat(60), "-c", "32").refuses("line 1: ", "do not fit: the context of 32");
    }

    @Test
    void modelsThatCannotChat() throws IOException {
        String file = SyntheticModel.of("qwen35")
                .writeTo(directory.resolve("model.gguf"))
                .toString();
        chat("", "-m", file).refuses(file, "no tokenizer");
        chat("", "--reasoning-effort", "low").refuses("--reasoning-effort");
    }
}
