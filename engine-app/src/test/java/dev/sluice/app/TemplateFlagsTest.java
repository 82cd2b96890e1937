package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of the chat template reach it, or are refused by their names. */
class TemplateFlagsTest {
    @TempDir
    private Path directory;

    private String template(String text) throws IOException {
        return Files.writeString(directory.resolve("template.jinja"), text).toString();
    }

    @Test
    void aTemplateFromAFileSeesAllVariables() throws IOException {
        String file =
                template("{{ bos_token }}{{ messages[0].content }} {{ messages[1].content }} {{ preserve_thinking }}"
                        + " {{ reasoning_effort }} {{ enable_thinking }} {{ more.a[1] | tojson }}");
        String[] options = {
            "run",
            "--temp",
            "0",
            "-n",
            "4",
            "--json",
            "--chat-template-file",
            file,
            "--system",
            "Be",
            "--no-think",
            "--preserve-thinking",
            "--reasoning-effort",
            "low",
            "--chat-template-kwargs",
            "{\"more\":{\"a\":[1,null]}}",
            "hi"
        };
        assertThat(Cli.sluice(options).output())
                .isEqualTo(Cli.sluice(
                                "run",
                                "--temp",
                                "0",
                                "-n",
                                "4",
                                "--json",
                                "--raw",
                                "<|endoftext|>Be hi True low False null")
                        .output());
    }

    @Test
    void thinkingAsAVariable() {
        String[] prompt = {"run", "--temp", "0", "--json", "-n", "20", "What is the capital of France?", "--no-think"};
        String off = Cli.sluice(prompt).output();
        prompt[prompt.length - 1] = "--chat-template-kwargs={\"enable_thinking\": false}";
        assertThat(Cli.sluice(prompt).output()).isEqualTo(off);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--reasoning-effort low | --reasoning-effort",
                "--preserve-thinking | --preserve-thinking",
                "--no-preserve-thinking | --no-preserve-thinking",
                "--chat-template-kwargs {\"who\":1} | does not read who; it reads add_generation_prompt, enable_thinking",
                "--chat-template-kwargs {\"who\":1 | invalid JSON",
                "--chat-template-kwargs {\"a\":1}} | invalid JSON",
                "--chat-template-kwargs {\"a\":1,\"a\":2} | 'a'",
                "--chat-template-kwargs [] | expected an object",
                "--chat-template-kwargs 7 | expected an object",
                "--chat-template-kwargs  | --chat-template-kwargs",
                "--chat-template-kwargs {\"tools\":[]} | tools cannot be set",
                "--chat-template-kwargs {\"enable_thinking\":true} --think | --think and --chat-template-kwargs",
                "--chat-template-name tool_use | named tool_use; the file has default",
                "--chat-template-name a --chat-template-file b | --chat-template-file and --chat-template-name",
                "--chat-template-file none.jinja | none.jinja: no such file",
                "--raw --chat-template-file a | --chat-template-file needs the chat template",
                "--raw --reasoning-effort low | --reasoning-effort needs the chat template",
                "--raw --no-preserve-thinking | --no-preserve-thinking needs the chat template",
            })
    void refused(String options, String words) {
        Cli.sluice(("run hi " + options).split(" ")).refuses(words);
    }

    @Test
    void aBadTemplateIsNamed() throws IOException {
        String file = template("{% if %}");
        Cli.sluice("run", "--chat-template-file", file, "hi").refuses(file, "line 1, column 7");
        String refusing = template("{{ raise_exception('No ' ~ messages[0].role) }}");
        Cli.sluice("run", "--chat-template-file", refusing, "hi").refuses("chat template: No user", "line 1, column ");
        Cli.sluice("run", "--chat-template-file", refusing, "--no-think", "hi")
                .refuses("--no-think", "enable_thinking");
    }
}
