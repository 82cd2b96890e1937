package dev.sluice.app.chat;

import java.nio.file.Path;
import java.util.Map;

/** Places in the user's home directory. */
public final class Home {
    private Home() {}

    /** The file that a user means by this name: {@code ~/} is their home, as in a shell. */
    static Path resolve(String name) {
        return name.startsWith("~/") ? Path.of(System.getProperty("user.home"), name.substring(2)) : Path.of(name);
    }

    /** The file of past lines: {@code sluice/chat-history} in {@code XDG_STATE_HOME}, or in {@code ~/.local/state}. */
    public static Path history(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // The specification of XDG directories says to ignore paths that are not absolute
        Path directory = Path.of(state).isAbsolute() ? Path.of(state) : resolve("~/.local/state");
        return directory.resolve("sluice").resolve("chat-history");
    }
}
