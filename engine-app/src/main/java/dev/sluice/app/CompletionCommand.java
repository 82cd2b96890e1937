package dev.sluice.app;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in a shell.",
        mixinStandardHelpOptions = true,
        footer = {
            "Examples:",
            "  source <(sluice completion bash)   # for ~/.bashrc",
            "  source <(sluice completion zsh)    # for ~/.zshrc; loads bashcompinit"
        })
final class CompletionCommand extends TerminalCommand {
    /** One script serves both: in zsh it switches on the emulation of bash's completion. */
    private enum Shell {
        bash,
        zsh
    }

    @Section.Of(Section.INPUT)
    @Parameters(paramLabel = "SHELL", description = "The shell: ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    CompletionCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        terminal().out().print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        return 0;
    }
}
