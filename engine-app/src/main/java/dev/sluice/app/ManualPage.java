package dev.sluice.app;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The help of every command, laid out like a manual page. A command says in the first line of its description what it does,
 * more in the following ones, each a paragraph; in its footer lines that end in a colon are headings, among them
 * {@code Examples:}, and the indented lines belong to them. Options are listed under the {@link Section} that their field or
 * its class names.
 */
final class ManualPage {
    private static final int WIDTH = 80;
    private static final String INDENT = "    ";
    private static final String FIRST = "NAME";

    private static final Map<String, String> EXIT_STATUS = ordered(
            "0", "Success.",
            "1", "A defect of the program; a stack trace tells where.",
            "2", "A wrong option or a bad file; one line on standard error says what and where.",
            "130", "Interrupted by Ctrl-C.");

    private static final Map<String, String> ENVIRONMENT = ordered(
            "SLUICE_JAVA_HOME", "The JDK 25 to use, instead of searching.",
            "SLUICE_JAVA_OPTS", "More options for the JVM, for example -Xmx8g.",
            "SLUICE_JDK_DIRS", "Directories of JDKs to search, between colons.",
            "NO_COLOR", "If set, nothing is coloured or dimmed.");

    private ManualPage() {}

    private static Map<String, String> ordered(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** Lays out the help of a command and of all below it. */
    static void layOut(CommandLine command) {
        Map<String, IHelpSectionRenderer> parts = new LinkedHashMap<>();
        parts.put("name", help -> part(help, FIRST, name(help)));
        parts.put("synopsis", help -> part(help, "SYNOPSIS", synopsis(help)));
        parts.put("description", help -> part(help, "DESCRIPTION", description(help)));
        parts.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> part(help, "COMMANDS", commands(help)));
        for (Section section : Section.values()) {
            parts.put(section.name(), help -> part(help, section.heading(), options(help, section)));
        }
        parts.put(UsageMessageSpec.SECTION_KEY_FOOTER, ManualPage::footer);
        parts.put("exit status", help -> part(help, "EXIT STATUS", exitStatus(help)));
        parts.put(
                "environment",
                help -> part(
                        help, "ENVIRONMENT", help.createTextTable(ENVIRONMENT).toString()));
        layOut(command, parts);
    }

    private static void layOut(CommandLine command, Map<String, IHelpSectionRenderer> parts) {
        command.setUsageHelpWidth(WIDTH);
        command.setHelpSectionMap(parts);
        command.setHelpSectionKeys(new ArrayList<>(parts.keySet()));
        command.getSubcommands().values().forEach(sub -> layOut(sub, parts));
    }

    /** A heading and what belongs to it, or nothing if that is nothing. */
    private static String part(Help help, String heading, String text) {
        return text.isEmpty() ? "" : heading(help, heading) + text;
    }

    private static String heading(Help help, String text) {
        return help.createHeading((text.equals(FIRST) ? "" : "%n") + "@|bold %s|@%n", text);
    }

    private static String summary(Help help) {
        return help.commandSpec().usageMessage().description()[0];
    }

    private static String name(Help help) {
        return paragraph(help, help.commandSpec().qualifiedName() + " - " + summary(help));
    }

    private static String synopsis(Help help) {
        Stream<String> required = help.commandSpec().options().stream()
                .filter(OptionSpec::required)
                .map(option -> option.longestName() + "=" + option.paramLabel());
        Stream<String> positional = help.commandSpec().positionalParameters().stream()
                .map(parameter -> help.parameterLabelRenderer()
                        .renderParameterLabel(parameter, help.ansi(), List.of())
                        .toString());
        Stream<String> command = help.subcommands().isEmpty() ? Stream.of() : Stream.of("COMMAND");
        return paragraph(
                help,
                Stream.of(Stream.of(help.commandSpec().qualifiedName(), "[OPTIONS]"), required, positional, command)
                        .flatMap(words -> words)
                        .collect(Collectors.joining(" ")));
    }

    private static String description(Help help) {
        return Arrays.stream(help.commandSpec().usageMessage().description())
                .skip(1)
                .map(text -> paragraph(help, text))
                .collect(Collectors.joining("\n"));
    }

    private static String commands(Help help) {
        Map<String, String> all = new LinkedHashMap<>();
        help.subcommands().forEach((name, sub) -> all.put(name, summary(sub)));
        return all.isEmpty() ? "" : help.createTextTable(all).toString();
    }

    private static String options(Help help, Section section) {
        List<OptionSpec> allOptions = help.commandSpec().options();
        List<PositionalParamSpec> allPositionals = help.commandSpec().positionalParameters();
        Help.Layout layout = help.createDefaultLayout(allOptions, allPositionals, help.colorScheme());
        layout.addAllPositionalParameters(in(section, allPositionals), help.parameterLabelRenderer());
        layout.addAllOptions(in(section, allOptions), help.parameterLabelRenderer());
        return layout.toString();
    }

    private static <T extends ArgSpec> List<T> in(Section section, List<T> all) {
        return all.stream()
                .filter(arg -> !arg.hidden() && section == section(arg))
                .toList();
    }

    private static Section section(ArgSpec arg) {
        if (arg.userObject() instanceof Field field) {
            Section.Of own = field.getAnnotation(Section.Of.class);
            Section.Of ofClass = field.getDeclaringClass().getAnnotation(Section.Of.class);
            if (own != null || ofClass != null) {
                return (own != null ? own : ofClass).value();
            }
        }
        return Section.OPTIONS;
    }

    private static String footer(Help help) {
        return Arrays.stream(help.commandSpec().usageMessage().footer())
                .filter(line -> !line.isBlank())
                .map(line -> isHeading(line)
                        ? heading(help, line.substring(0, line.length() - 1).toUpperCase(Locale.ROOT))
                        : INDENT + line.replaceFirst("^  ", "") + "\n")
                .collect(Collectors.joining());
    }

    static boolean isHeading(String line) {
        return line.matches("\\S.*:");
    }

    /** That of all commands, unless one has its own. */
    private static String exitStatus(Help help) {
        Map<String, String> own = help.commandSpec().usageMessage().exitCodeList();
        return help.createTextTable(own.isEmpty() ? EXIT_STATUS : own).toString();
    }

    private static String paragraph(Help help, String text) {
        Help.TextTable table = Help.TextTable.forColumns(
                help.colorScheme(), new Help.Column(WIDTH, INDENT.length(), Help.Column.Overflow.WRAP));
        table.indentWrappedLines = 0;
        table.addRowValues(text);
        return table.toString();
    }
}
