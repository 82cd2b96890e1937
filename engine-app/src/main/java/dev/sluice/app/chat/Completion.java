package dev.sluice.app.chat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, their choices, and the names of files after those that take one; nothing in messages. */
final class Completion implements Completer {
    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (!line.line().startsWith("/")) {
            return;
        }
        if (line.wordIndex() == 0) {
            for (Command command : Command.values()) {
                candidates.add(new Candidate(command.word(), command.word(), null, command.help(), null, null, true));
            }
            return;
        }
        Arrays.stream(Command.values())
                .filter(command -> command.word().equals(line.words().getFirst()))
                .findFirst()
                .ifPresent(command -> {
                    if (command.takesFile()) {
                        files(line.word().substring(0, line.wordCursor()), candidates);
                    } else if (line.wordIndex() == 1) {
                        command.choices().forEach(choice -> candidates.add(new Candidate(choice)));
                    }
                });
    }

    private static void files(String typed, List<Candidate> candidates) {
        String directory = typed.substring(0, typed.lastIndexOf('/') + 1);
        String start = typed.substring(directory.length());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Home.resolve(directory))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".") || start.startsWith(".")) {
                    boolean inside = Files.isDirectory(entry);
                    String shown = VisibleText.of(inside ? name + "/" : name);
                    candidates.add(new Candidate(
                            directory + name + (inside ? "/" : ""), shown, null, null, null, null, !inside));
                }
            }
        } catch (IOException e) {
            // No such directory, nothing to complete
        }
    }
}
