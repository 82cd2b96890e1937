package dev.sluice.app;

import dev.sluice.chat.TemplateException;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.UnsupportedModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: one subcommand a class; errors in one line on stderr, exit status 2. */
@Command(
        name = "sluice",
        description = {
            "Runs Qwen3.5 hybrid models from GGUF files, in pure Java.",
            "Without -m, every command uses the tiny model that is inside the program. Options are"
                    + " named as in llama.cpp where it has them."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        subcommands = {
            RunCommand.class,
            ChatCommand.class,
            TokenizeCommand.class,
            LogitsCommand.class,
            InspectCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        },
        footer = {"Examples:", "  sluice run \"What is the capital of France?\"", "  sluice chat", "  sluice help run"})
public final class Program {
    static final int BAD_INPUT = 2;

    private Program() {}

    /**
     * Runs a command and ends the JVM with its exit status.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Terminal terminal = Terminal.system();
        int status = run(terminal, args);
        terminal.out().flush();
        System.exit(status);
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(new Program(), new Factory(terminal));
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setExpandAtFiles(false); // "@" belongs to the prompt and to --tokens @FILE
        line.setParameterExceptionHandler((e, wrong) -> {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            return refuse(terminal, usageMessage(e) + "; try '" + name + " --help'");
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> refuse(terminal, message(e)));
        ManualPage.layOut(line);
        return line;
    }

    /** Runs a command and returns the exit status. */
    static int run(Terminal terminal, String... args) {
        CommandLine line = commandLine(terminal);
        if (args.length == 0) {
            line.usage(terminal.err());
            return BAD_INPUT;
        }
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            return refuse(
                    terminal, "out of memory (" + e.getMessage() + "); give the JVM more: SLUICE_JAVA_OPTS=-Xmx8g");
        }
    }

    private static int refuse(Terminal terminal, String message) {
        terminal.err().println(line(message));
        return BAD_INPUT;
    }

    /** One line, whatever a message quotes. */
    static String line(String message) {
        return "sluice: " + message.strip().replaceAll("\\R|\\p{Cc}", " ");
    }

    private static String usageMessage(ParameterException e) {
        String message = e.getMessage();
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> similar = unmatched.getSuggestions();
            message += similar.isEmpty() ? "" : "; similar: " + String.join(", ", similar);
        }
        return message;
    }

    /** What to tell the user; an error that is not theirs keeps its stack trace, by being thrown again. */
    static String message(Exception e) throws Exception {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": may not be read";
            case FileSystemException io ->
                io.getFile() + ": " + (io.getReason() == null ? "cannot be used as a file" : io.getReason());
            case IOException io -> io.getMessage();
            case UncheckedIOException io -> io.getMessage();
            case GgufException bad -> bad.getMessage();
            case UnsupportedModelException unsupported -> unsupported.getMessage();
            case TemplateException template -> "chat template: " + template.getMessage();
            case IllegalArgumentException argument -> argument.getMessage();
            default -> throw e;
        };
    }

    /** Gives the commands their terminal. */
    private record Factory(Terminal terminal) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            return TerminalCommand.class.isAssignableFrom(type)
                    ? type.getDeclaredConstructor(Terminal.class).newInstance(terminal)
                    : CommandLine.defaultFactory().create(type);
        }
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties properties = new Properties();
            try (InputStream in = Program.class.getResourceAsStream("version.properties")) {
                properties.load(in);
            }
            return new String[] {"sluice " + properties.getProperty("version") + " (JDK " + Runtime.version() + ")"};
        }
    }
}
