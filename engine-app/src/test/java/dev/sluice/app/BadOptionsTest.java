package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No option is ever ignored: what is unknown or senseless is named in one line. */
class BadOptionsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --foo hi | --foo",
                "run --sed 3 hi | --seed",
                "bogus | bogus",
                "-- | subcommand",
                "run -n many hi | many",
                "run -n -2 hi | -2",
                "run -n hi | hi",
                "run -n 1 -n 2 hi | only once",
                "run hi -n | --n-predict",
                "run --temp hot hi | hot",
                "run --temp -1 hi | -1",
                "run --temp NaN hi | temperature",
                "run --top-k -1 hi | -1",
                "run --top-p 2 hi | 2",
                "run --min-p -0.5 hi | -0.5",
                "run --seed x hi | --seed",
                "run --repeat-penalty 0 hi | repeat penalty 0.0",
                "run --repeat-penalty much hi | much",
                "run --presence-penalty 2.5 hi | presence penalty 2.5",
                "run --presence-penalty NaN hi | presence penalty NaN",
                "run --frequency-penalty -3 hi | frequency penalty -3.0",
                "run --repeat-last-n -2 hi | last-n -2",
                "run --repeat-last-n all hi | all",
                "run --preset qwen hi | 'qwen' is not a preset; presets are qwen3.5-thinking,",
                "run --preset list --preset list | only once",
                "run -l 5 hi | --logit-bias",
                "run -l 5 hi | '5' is not a token id and a bias",
                "run -l 5*2 hi | '5*2'",
                "run -l 5+inf hi | '5+inf'",
                "run -l -5+1 hi | '-5+1'",
                "run -l 99999999999+1 hi | no token id is that large",
                "run -l 5-1e99 hi | logit bias -1.0E99 of token 5",
                "run -l 5+1 -l 6-1 -l 5-2 hi | token 5 is given twice",
                "run -l 2048+1 hi | no token 2048",
                "run -t 0 hi | threads: 0",
                "run -t 9999999999 hi | 9999999999",
                "run -c -1 hi | -1",
                "run -c 5000 hi | 5000 tokens",
                "run --kv q8_0 hi | q8_0",
                "run | no prompt",
                "run hi -p there | more than one prompt",
                "run --tokens 1 -f - | more than one prompt",
                "run --raw --think hi | --think",
                "run --tokens 1 --system x | --system",
                "run --tokens 1,x | 'x'",
                "run --tokens , | no token ids",
                "run --tokens 99999999999 | 99999999999",
                "run --tokens @none.txt | none.txt: no such file",
                "run --tokens 1,2048 | 2048",
                "run --tokens -5 | -5",
                "run -f none.txt | none.txt: no such file",
                "chat --foo | --foo",
                "chat hello | hello",
                "chat -c 5000 | 5000 tokens",
                "chat --temp -1 | -1",
                "chat -l 2048+1 | 2048",
                "chat -m none.gguf | none.gguf: no such file",
                "chat --chat-template-name none | none",
                "tokenize --foo | --foo",
                "tokenize hello | hello",
                "inspect --foo | --foo",
                "inspect -c -1 | -1",
                "inspect --diff a.gguf | --diff",
                "inspect --diff a.gguf b.gguf --diff c.gguf d.gguf | twice",
                "inspect --diff a.gguf b.gguf -m c.gguf | -m",
                "inspect --diff a.gguf b.gguf -c 5 | -c",
                "inspect --diff none.gguf none.gguf | none.gguf: no such file",
                "inspect --no-data | --diff",
                "inspect --no-arrays | --json",
                "inspect --all --json | --all",
                "logits | --tokens",
                "logits --tokens 1 | --output",
                "logits --tokens 1 -o none/out.npy | none/out.npy",
                "logits --tokens 1 -o out.npy --chunk 0 | --chunk 0",
                "logits --tokens 1,-1 -o out.npy | -1",
                "logits --tokens 1,2048 -o out.npy | 2048",
                "logits --tokens 1 -o out.npy --kv f64 | f64",
                "bench --foo | --foo",
                "bench hello | hello",
                "bench -p x | 'x'",
                "bench -p 1,,2 | --n-prompt",
                "bench -p -1 | -1",
                "bench -p 0 -n 0 | nothing to measure",
                "bench -d deep | 'deep'",
                "bench -d -5 | -5",
                "bench -r 0 | repetitions: 0",
                "bench -t 0 | threads: 0",
                "bench -o xml | 'xml'",
                "bench --kv q8_0 | q8_0",
                "bench --warmup -1 | warm-up: -1",
                "bench -p 4000 -n 4000 -d 4000 | 12000 tokens",
                "bench -p 2000000000 -n 2000000000 | 2147483647 tokens",
                "bench --against true | -m FILE",
                "bench -m none.gguf | none.gguf: no such file"
            })
    void refused(String command, String words) {
        Cli.sluice(command.split(" ")).refuses(words);
        assertThat(Path.of("out.npy")).doesNotExist();
    }

    @Test
    void emptyStopStringAndEmptyPrompt() {
        Cli.sluice("run", "--stop", "", "hi").refuses("stop");
        Cli.sluice("run", "--raw", "").refuses("no tokens");
    }

    @Test
    void promptFromDirectory() {
        Cli.sluice("run", "-f", directory.toString()).refuses(directory.toString(), "directory");
    }

    @Test
    void namesOnOneLine() {
        Cli cli = Cli.sluice("run", "-m", "a\nb\u001b[31m\u009b1m.gguf", "hi");
        cli.refuses("a b", "no such file");
        assertThat(cli.err()).doesNotContain("\u001b", "\u009b");
    }

    @Test
    void noCommand() {
        Cli cli = Cli.sluice();
        assertThat(cli.status()).isEqualTo(2);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).startsWith("NAME\n    sluice - ");
    }

    @Test
    void invalidUtf8() throws IOException {
        byte[] text = "0123456789ü..".getBytes(StandardCharsets.UTF_8);
        text[12] = (byte) 0xFF;
        Cli.sluice(text, "tokenize").refuses("standard input", "invalid UTF-8", "byte offset 12");
        Cli.sluice(text, "run", "-f", "-").refuses("standard input", "byte offset 12");
        byte[] cut = Arrays.copyOf(text, 11);
        Cli.sluice(cut, "tokenize").refuses("byte offset 10");
        Path file = Files.write(directory.resolve("prompt.txt"), text);
        Cli.sluice("run", "-f", file.toString()).refuses("prompt.txt", "byte offset 12");
    }

    @Test
    void promptLongerThanTheContext() {
        Cli.sluice("run", "--raw", "-c", "4", "one two three four five six").refuses("context of 4");
        Cli.sluice("run", "--tokens", "1,2,3,4,5", "-c", "4").refuses("5 tokens do not fit");
    }
}
