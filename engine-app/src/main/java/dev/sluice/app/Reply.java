package dev.sluice.app;

import dev.sluice.GenerateEvent;
import dev.sluice.chat.Lane;
import java.io.PrintWriter;

/** Prints a reply as it comes. Reasoning is dimmed on a terminal; elsewhere it goes to standard error, beside the answer. */
final class Reply {
    private final Terminal terminal;
    private Lane lane = Lane.CONTENT;
    private boolean lineOpen;

    Reply(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(GenerateEvent.Text event) {
        if (event.lane() != lane) {
            think(event.lane() == Lane.REASONING ? "<think>\n" : "\n</think>\n\n");
            lane = event.lane();
        }
        if (lane == Lane.REASONING) {
            think(event.text());
        } else {
            terminal.out().print(event.text());
            terminal.out().flush();
            lineOpen = !event.text().endsWith("\n");
        }
    }

    private void think(String text) {
        PrintWriter to = terminal.colours() ? terminal.out() : terminal.err();
        to.print(terminal.dim(text));
        to.flush();
    }

    void end() {
        if (lineOpen) {
            terminal.out().println();
        }
    }
}
