package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every command, those of tomorrow too, has a manual page that says all and is laid out like the others. */
class HelpTest {
    private static final CommandLine PROGRAM = Program.commandLine(Cli.silent());

    static Stream<CommandLine> commands() {
        return Stream.concat(Stream.of(PROGRAM), PROGRAM.getSubcommands().values().stream());
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void page(CommandLine command) {
        String page = command.getUsageMessage();
        assertThat(page).startsWith("NAME\n    " + name(command) + " - ");
        assertThat(page.lines().filter(line -> line.matches("[A-Z]+( [A-Z]+)*")))
                .startsWith("NAME", "SYNOPSIS")
                .contains("OPTIONS", "EXAMPLES")
                .endsWith("EXIT STATUS", "ENVIRONMENT")
                .doesNotHaveDuplicates();
        assertThat(page.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        if (command != PROGRAM) {
            String own = command.getCommandName();
            assertThat(Cli.sluice(own, "--help").output()).isEqualTo(page);
            assertThat(Cli.sluice("help", own).output()).isEqualTo(page);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void descriptions(CommandLine command) {
        assertThat(command.getCommandSpec().usageMessage().description())
                .as("description: first line and perhaps more, of %s", name(command))
                .isNotEmpty()
                .allMatch(HelpTest::isSentence);
        for (ArgSpec argument : command.getCommandSpec().args()) {
            String description = String.join(" ", argument.description());
            assertThat(description)
                    .as("description of %s %s", name(command), argument)
                    .matches(HelpTest::isSentence);
            if (argument.defaultValue() != null && !argument.typeInfo().isBoolean()) {
                assertThat(description)
                        .as("description of %s %s", name(command), argument)
                        .contains("Default: " + argument.defaultValue());
            }
        }
    }

    private static boolean isSentence(String text) {
        return text.matches("(?s).*\\S\\.");
    }

    /** Whatever section an option belongs to, the page has it, once. */
    @ParameterizedTest
    @MethodSource("commands")
    void options(CommandLine command) {
        String page = command.getUsageMessage();
        String listed = page.substring(page.indexOf("SYNOPSIS"), page.indexOf("EXAMPLES"));
        for (OptionSpec option : command.getCommandSpec().options()) {
            String name = option.longestName().replaceFirst("^--", option.negatable() ? "--[no-]" : "--");
            assertThat(listed.lines()
                            .filter(line -> line.matches("  .*" + Pattern.quote(name) + "(=.*| .*|)"))
                            .filter(line -> line.stripLeading().startsWith("-")))
                    .as("lines that list %s", name)
                    .hasSize(1);
        }
    }

    /** An example calls the command it stands under, with options that exist. */
    @ParameterizedTest
    @MethodSource("commands")
    void examples(CommandLine command) {
        List<String> examples = Arrays.stream(
                        command.getCommandSpec().usageMessage().footer())
                .dropWhile(line -> !line.equals("Examples:"))
                .skip(1)
                .takeWhile(line -> !ManualPage.isHeading(line))
                .filter(line -> !line.isBlank())
                .toList();
        assertThat(examples)
                .as("footer of %s: what follows the line \"Examples:\"", name(command))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("  "))
                .allMatch(line -> line.contains(command == PROGRAM ? "sluice " : name(command)));
        for (String line : examples) {
            CommandLine.ParseResult parsed = Program.commandLine(Cli.silent()).parseArgs(words(line));
            assertThat(parsed.errors()).as(line).isEmpty();
            assertThat(parsed.hasSubcommand()).as(line).isTrue();
        }
    }

    /** The arguments after "sluice", as a shell would cut them; what else the shell does is left out. */
    private static String[] words(String line) {
        String call = line.substring(line.indexOf("sluice ") + "sluice ".length());
        return Pattern.compile("\"([^\"]*)\"|'([^']*)'|[|<>;&)].*|[^\\s)]+")
                .matcher(call)
                .results()
                .filter(word -> !word.group().matches("[|<>;&)].*"))
                .map(HelpTest::unquoted)
                .toArray(String[]::new);
    }

    private static String unquoted(MatchResult word) {
        return word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group();
    }

    @Test
    void unknownCommand() {
        Cli.sluice("help", "bogus").refuses("no command is named 'bogus'", "run, chat, tokenize");
    }

    /** What the launcher reads from the environment is documented. */
    @Test
    void environment() throws IOException {
        Set<String> read = Pattern.compile("SLUICE_[A-Z_]+")
                .matcher(Files.readString(Path.of("..", "sluice")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(PROGRAM.getUsageMessage()).contains(read);
    }
}
