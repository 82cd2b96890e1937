package dev.sluice.app.chat;

import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;

/**
 * JLine's line reader, which after a change of the terminal's width draws the line below its old copy. This one goes up to
 * where the line began: terminals wrap what is on them anew, nearly all of them.
 */
final class LineEditor extends LineReaderImpl {
    static final String PROMPT = "> ";
    static final String CONTINUED = "  ";

    LineEditor(Terminal terminal) {
        super(terminal, terminal.getName(), null);
        setVariable(SECONDARY_PROMPT_PATTERN, CONTINUED);
    }

    @Override
    protected synchronized void handleSignal(Terminal.Signal signal) {
        int columns = terminal.getBufferSize().getColumns();
        if (signal == Terminal.Signal.WINCH && columns > 0 && columns != size.getColumns()) {
            int rows = buf.upToCursor()
                    .lines()
                    .mapToInt(line -> new AttributedString(CONTINUED + line)
                            .columnSplitLength(columns)
                            .size())
                    .sum();
            for (int row = 1; row < rows; row++) {
                terminal.puts(Capability.cursor_up);
            }
            terminal.puts(Capability.carriage_return);
            terminal.puts(Capability.clr_eos);
        }
        super.handleSignal(signal);
    }
}
