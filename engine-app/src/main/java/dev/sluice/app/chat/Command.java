package dev.sluice.app.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a line that starts with a slash asks for. */
enum Command {
    RESET("", "forget the conversation; the system message stays"),
    SYSTEM("[TEXT]", "set the system message; without TEXT there is none"),
    THINK("on|off", "let the model think first, or not"),
    FOLD("", "show reasoning as one line, or whole again"),
    STATS("", "speed, tokens and memory of the last turn"),
    SAVE("FILE", "write the conversation as JSON"),
    LOAD("FILE", "go on with a conversation written by /save"),
    HELP("", "this list"),
    EXIT("", "leave");

    private final String parameter;
    private final String help;

    Command(String parameter, String help) {
        this.parameter = parameter;
        this.help = help;
    }

    /** The word that is typed. */
    String word() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }

    String help() {
        return help;
    }

    boolean takesFile() {
        return parameter.equals("FILE");
    }

    /** The words to choose from, where it takes one of a few. */
    List<String> choices() {
        return parameter.contains("|") ? List.of(parameter.split("\\|")) : List.of();
    }

    /** A command and the rest of its line. */
    record Call(Command command, String argument) {}

    /**
     * The command that a line is; empty for a message.
     *
     * @throws IllegalArgumentException if it is no known one, has an argument too many, or lacks one
     */
    static Optional<Call> parse(String line) {
        if (!line.startsWith("/") || line.startsWith("//")) {
            return Optional.empty();
        }
        String[] parts = line.strip().split("\\s+", 2);
        String argument = parts.length == 2 ? parts[1] : "";
        Command command = Arrays.stream(values())
                .filter(c -> c.word().equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown command " + parts[0]
                        + "; /help lists all, and a message that starts with a slash is written with two: //"));
        command.check(argument);
        return Optional.of(new Call(command, argument));
    }

    private void check(String argument) {
        if (parameter.isEmpty() && !argument.isEmpty()) {
            throw new IllegalArgumentException(word() + " takes nothing, got: " + argument);
        }
        boolean optional = parameter.isEmpty() || parameter.startsWith("[");
        if (!optional && argument.isEmpty()
                || !choices().isEmpty() && !choices().contains(argument)) {
            throw new IllegalArgumentException(word() + ": expected " + word() + " " + parameter);
        }
    }

    /** All commands, a line each. */
    static String list() {
        StringBuilder list = new StringBuilder();
        for (Command command : values()) {
            list.append(String.format("%-15s %s%n", command.word() + " " + command.parameter, command.help));
        }
        return list.toString();
    }
}
