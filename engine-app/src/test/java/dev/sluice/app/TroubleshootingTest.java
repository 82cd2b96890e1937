package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each message of docs/troubleshooting.md is what the program says, and each that we know how to provoke is there. */
class TroubleshootingTest {
    private static final Path TABLE = Path.of("..", "docs", "troubleshooting.md");
    private static final Pattern ROW =
            Pattern.compile("\\| <!-- ([a-z0-9-]+) --> `([^`|]+)` \\| ([^|]+) \\| ([^|]+) \\|");

    /**
     * A row.
     *
     * @param message what the program says after its name; "..." stands for any text
     */
    record Row(String name, String message, String cause, String remedy) {
        Pattern pattern() {
            String text = Arrays.stream(("sluice: " + message).split("\\.\\.\\.", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".+"));
            return Pattern.compile(text + "\\R");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    private Path directory;

    static List<Row> rows() throws IOException {
        return Files.readString(TABLE)
                .lines()
                .filter(line -> line.startsWith("| <!--"))
                .map(line -> {
                    Matcher row = ROW.matcher(line);
                    assertThat(row.matches()).as("a row of %s: %s", TABLE, line).isTrue();
                    return new Row(row.group(1), row.group(2), row.group(3), row.group(4));
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysWhatTheTableSays(Row row) throws IOException {
        assertThat(new Provocations(directory).all()).containsKey(row.name());
        assertThat(new Provocations(directory).all().get(row.name()).provoke()).matches(row.pattern());
    }

    @Test
    void hasEveryProvocation() throws IOException {
        assertThat(rows().stream().map(Row::name))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        new Provocations(directory).all().keySet());
    }
}
