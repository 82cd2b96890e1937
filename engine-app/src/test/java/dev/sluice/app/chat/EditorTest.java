package dev.sluice.app.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys become lines. */
class EditorTest {
    private static final String UP = "\u001bOA"; // the terminal is in application mode
    private static final String PASTE = "\u001b[200~";
    private static final String PASTE_END = "\u001b[201~";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";

    @TempDir
    private Path directory;

    private static String read(String keys, Optional<Path> history) throws IOException {
        VirtualTerminal virtual = new VirtualTerminal(80);
        try (Editor editor = new Editor(virtual.terminal, false, history)) {
            virtual.type(keys);
            return editor.read();
        }
    }

    private static String read(String keys) throws IOException {
        return read(keys, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "'hello\r', 'hello'",
        "'one\\\rtwo\r', 'one\ntwo'",
        "'one\u001b\rtwo\r', 'one\ntwo'",
        "'C:\\dir \"x\r', 'C:\\dir \"x'",
        "'hi!! !1 !$\r', 'hi!! !1 !$'",
        "'日本😀x\u001bOD\u007f\r', '日本x'",
        "'\r', ''"
    })
    void lines(String keys, String line) throws IOException {
        assertThat(read(keys)).isEqualTo(line);
    }

    @Test
    void pastedTextIsKeptAsItIs() throws IOException {
        assertThat(read(PASTE + "cmd \\\n\t--x\nlast" + PASTE_END + "\r")).isEqualTo("cmd \\\n\t--x\nlast");
    }

    @Test
    void completesCommandsChoicesAndFiles() throws IOException {
        assertThat(read("/fo\t\r")).isEqualTo("/fold ");
        assertThat(read("/think of\t\r")).isEqualTo("/think off ");
        Files.createFile(Files.createDirectory(directory.resolve("inside")).resolve("talk.json"));
        assertThat(read("/load " + directory + "/in\tta\t\r"))
                .isEqualTo("/load " + directory.resolve("inside/talk.json") + " ");
        assertThat(read("about /fo\tx\r")).isEqualTo("about /fox");
    }

    @Test
    void historyOutlivesTheEditor() throws IOException {
        Path history = directory.resolve("state/sluice/chat-history");
        assertThat(read("first\\\rsecond\r", Optional.of(history))).isEqualTo("first\nsecond");
        assertThat(read(UP + "\r", Optional.of(history))).isEqualTo("first\nsecond");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
        assertThat(read(UP + "other\r")).isEqualTo("other");
    }

    @Test
    void whereTheHistoryIs() {
        assertThat(Home.history(Map.of("XDG_STATE_HOME", "/state"))).isEqualTo(Path.of("/state/sluice/chat-history"));
        Path usual = Path.of(System.getProperty("user.home"), ".local/state/sluice/chat-history");
        assertThat(Home.history(Map.of())).isEqualTo(usual);
        assertThat(Home.history(Map.of("XDG_STATE_HOME", "relative"))).isEqualTo(usual);
    }

    @Test
    void aHistoryThatCannotBeKept() throws IOException {
        Path taken = Files.createDirectories(directory.resolve("chat-history"));
        assertThatThrownBy(() -> Editor.system(false, Optional.of(taken)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(taken + ": the history cannot be written; --no-history");
    }

    @Test
    void endsAtControlD() throws IOException {
        assertThat(read(CTRL_D)).isNull();
    }

    @Test
    void endsAtControlCTwice() throws IOException, InterruptedException {
        VirtualTerminal virtual = new VirtualTerminal(80);
        try (Editor editor = new Editor(virtual.terminal, false, Optional.empty())) {
            CompletableFuture<String> line = CompletableFuture.supplyAsync(editor::read);
            virtual.typeAfter("> ", 1, "text");
            virtual.typeAfter("text", 1, CTRL_C);
            virtual.typeAfter("> ", 2, CTRL_C);
            virtual.typeAfter("Ctrl-C again leaves", 1, "");
            virtual.typeAfter("> ", 3, CTRL_C);
            assertThat(line.join()).isNull();
        }
    }

    @Test
    void aLineSurvivesResizing() throws IOException, InterruptedException {
        VirtualTerminal virtual = new VirtualTerminal(40);
        try (Editor editor = new Editor(virtual.terminal, false, Optional.empty())) {
            CompletableFuture<String> line = CompletableFuture.supplyAsync(editor::read);
            virtual.typeAfter("> ", 1, "日本語のテスト漢字文字列の入力です😀 end");
            virtual.typeAfter("end", 1, "");
            virtual.terminal.setSize(new Size(20, 24));
            virtual.terminal.raise(Signal.WINCH);
            virtual.typeAfter("end", 2, "!\r");
            assertThat(line.join()).isEqualTo("日本語のテスト漢字文字列の入力です😀 end!");
        }
    }

    @Test
    void anInterruptBetweenLinesIsTold() throws IOException {
        VirtualTerminal virtual = new VirtualTerminal(80);
        try (Editor editor = new Editor(virtual.terminal, false, Optional.empty())) {
            StringBuilder told = new StringBuilder();
            editor.onInterrupt(() -> told.append("interrupt"));
            virtual.type(CTRL_C);
            assertThat(told).hasToString("interrupt");
        }
    }

    /** JLine's native code would make the JVM print warnings. */
    @Test
    void noNativeCodeIsOnTheClassPath() {
        assertThatThrownBy(() -> Class.forName("org.jline.nativ.JLineNativeLoader"))
                .isInstanceOf(ClassNotFoundException.class);
    }
}
