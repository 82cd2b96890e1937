package dev.sluice.app.chat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.PosixSysTerminal;

/**
 * Lines edited in a terminal, with history and completion. Enter after a backslash, and Alt-Enter, begin a new line; pasted
 * text keeps its lines. Ctrl-D, or Ctrl-C twice, at an empty prompt is the end.
 */
public final class Editor implements Input, AutoCloseable {
    private static final String NEW_LINE = "sluice-new-line";
    private static final String ENTER = "sluice-enter";

    private final Terminal terminal;
    private final LineEditor reader;
    private final Output output;
    private boolean leaving;

    /**
     * @param terminal closed with the editor
     * @param history file of past lines, made where it is missing; empty to keep none
     */
    Editor(Terminal terminal, boolean colours, Optional<Path> history) {
        this.terminal = terminal;
        output = new Output(terminal.writer(), terminal.writer(), true, colours);
        reader = new LineEditor(terminal);
        reader.setCompleter(new Completion());
        reader.setParser(new DefaultParser().escapeChars(null).quoteChars(new char[0])); // words between spaces
        reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true); // "!" is a character
        history.ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
        reader.setHistory(new DefaultHistory()); // reads the file
        reader.getWidgets().put(NEW_LINE, this::newLine);
        reader.getWidgets().put(ENTER, this::enter);
        KeyMap<Binding> keys = reader.getKeyMaps().get(LineReader.MAIN);
        keys.bind(new Reference(ENTER), "\r", "\n");
        keys.bind(new Reference(NEW_LINE), KeyMap.alt('\r'), KeyMap.alt('\n'));
        // What is typed during a reply is not shown in its midst; the next prompt shows it.
        terminal.echo(false);
    }

    /**
     * The terminal that the program runs in.
     *
     * @throws IOException if it cannot be set up, or the history cannot be kept
     */
    public static Editor system(boolean colours, Optional<Path> history) throws IOException {
        if (history.isPresent()) {
            requireWritable(history.get());
        }
        Terminal terminal = new PosixSysTerminal(
                "sluice",
                System.getenv("TERM"),
                new SttyTerminal(),
                StandardCharsets.UTF_8,
                true,
                Terminal.SignalHandler.SIG_DFL);
        return new Editor(terminal, colours, history);
    }

    private static void requireWritable(Path history) throws IOException {
        try {
            Files.createDirectories(history.getParent());
            if (!Files.exists(history)) {
                Files.createFile(
                        history, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.newByteChannel(history, StandardOpenOption.APPEND).close();
        } catch (IOException e) {
            throw new IOException(history + ": the history cannot be written; --no-history keeps none", e);
        }
    }

    private boolean newLine() {
        reader.getBuffer().write('\n');
        return true;
    }

    private boolean enter() {
        if (reader.getBuffer().prevChar() == '\\'
                && reader.getBuffer().cursor() == reader.getBuffer().length()) {
            reader.getBuffer().backspace();
            return newLine();
        }
        reader.callWidget(LineReader.ACCEPT_LINE);
        return true;
    }

    /** What is printed between the lines. */
    public Output output() {
        return output;
    }

    /** Calls this at Ctrl-C outside of {@link #read}, on another thread. */
    public void onInterrupt(Runnable action) {
        terminal.handle(Terminal.Signal.INT, signal -> action.run());
    }

    @Override
    public String read() {
        while (true) {
            try {
                String line = reader.readLine(LineEditor.PROMPT);
                leaving = false;
                return line;
            } catch (EndOfFileException e) {
                return null;
            } catch (UserInterruptException e) {
                boolean empty = e.getPartialLine().isEmpty();
                if (empty && leaving) {
                    return null;
                }
                if (empty) {
                    output.remark("[Ctrl-C again leaves]\n");
                }
                leaving = empty;
            }
        }
    }

    @Override
    public String place() {
        return "";
    }

    /** Gives the terminal back as it was. */
    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
