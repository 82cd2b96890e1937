package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script is loaded by bash, which then completes as for a user who pressed Tab. */
class CompletionCommandTest {
    @TempDir
    private Path directory;

    /** What bash offers for the last of these words. */
    private List<String> complete(String... words) throws IOException {
        Path script = Files.writeString(
                directory.resolve("completion"),
                Cli.sluice("completion", "bash").output());
        String program = "source " + script
                + "; compopt() { :; }; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\";"
                + " COMP_POINT=${#COMP_LINE}; $(complete -p sluice | sed 's/.*-F \\([^ ]*\\).*/\\1/') sluice;"
                + " printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command = new ArrayList<>(List.of("bash", "-c", program, "bash"));
        command.addAll(List.of(words));
        Processes.Result run = Processes.run(directory, Map.of("PATH", System.getenv("PATH")), command);
        assertThat(run.err()).isEmpty();
        return run.out().lines().map(String::strip).toList();
    }

    @Test
    void commands() throws IOException {
        assertThat(complete("sluice", "ch")).containsExactly("chat");
        assertThat(complete("sluice", "")).contains("run", "chat", "inspect", "completion");
    }

    @Test
    void options() throws IOException {
        assertThat(complete("sluice", "chat", "--no-h")).containsExactly("--no-history");
        assertThat(complete("sluice", "run", "--temp", "0", "--top")).contains("--top-k", "--top-p");
    }

    @Test
    void values() throws IOException {
        assertThat(complete("sluice", "chat", "--preset", "qwen3.5-thi")).contains("qwen3.5-thinking");
    }

    @Test
    void shells() {
        String script = Cli.sluice("completion", "zsh").output();
        assertThat(script)
                .contains("bashcompinit")
                .isEqualTo(Cli.sluice("completion", "bash").output());
        Cli.sluice("completion", "fish").refuses("fish", "bash, zsh");
        Cli.sluice("completion").refuses("SHELL");
    }
}
