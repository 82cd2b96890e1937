package dev.sluice.app.chat;

import java.io.IOException;

/** Where the lines of a conversation come from. */
public interface Input {
    /** The next message or command, of several lines perhaps; null at the end. */
    String read() throws IOException;

    /** Where the last one came from, as the beginning of an error's message; empty where the user has just typed it. */
    String place();
}
