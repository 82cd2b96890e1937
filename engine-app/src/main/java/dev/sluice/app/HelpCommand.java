package dev.sluice.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "help",
        description = "Shows the manual page of a command.",
        mixinStandardHelpOptions = true,
        footer = {"Examples:", "  sluice help run"})
final class HelpCommand extends TerminalCommand {
    @Spec
    private CommandSpec spec;

    @Section.Of(Section.INPUT)
    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..1",
            description = "The command; without it, the program's own page.")
    private String name;

    HelpCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        CommandLine program = spec.parent().commandLine();
        CommandLine command = name == null ? program : program.getSubcommands().get(name);
        if (command == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no command is named '" + name + "'; commands are "
                            + String.join(", ", program.getSubcommands().keySet()));
        }
        command.usage(terminal().out());
        return 0;
    }
}
