package dev.sluice.app;

import java.util.concurrent.Callable;

/** A command that reads and writes through a {@link Terminal}; constructed with it. */
abstract class TerminalCommand implements Callable<Integer> {
    private final Terminal terminal;

    TerminalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }
}
