package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files, or marked parts of files, that are made from the code. Tests compare them; {@code scripts/generate-docs} runs the
 * same tests with {@code -Dsluice.generate=true}, and then they write.
 */
public final class GeneratedFile {
    private static final boolean WRITE = Boolean.getBoolean("sluice.generate");

    private GeneratedFile() {}

    /** The whole file is {@code text}. */
    public static void check(Path file, String text) throws IOException {
        compare(file, Files.exists(file) ? Files.readString(file) : "", text, text);
    }

    /** What stands between {@code <!-- generated: name -->} and the next {@code <!-- end -->} is {@code text}. */
    public static void checkBlock(Path file, String name, String text) throws IOException {
        String all = Files.readString(file);
        String mark = "<!-- generated: " + name + " -->\n";
        assertThat(all).as(file.toString()).containsOnlyOnce(mark);
        int begin = all.indexOf(mark) + mark.length();
        int end = all.indexOf("<!-- end -->", begin);
        assertThat(end).as("%s: end of %s", file, mark).isPositive();
        compare(file, all.substring(begin, end), text, all.substring(0, begin) + text + all.substring(end));
    }

    private static void compare(Path file, String actual, String expected, String whole) throws IOException {
        if (actual.equals(expected)) {
            return;
        }
        if (WRITE) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, whole);
            return;
        }
        List<String> old = actual.lines().toList();
        List<String> made = expected.lines().toList();
        String changes = String.join(
                "\n",
                Stream.concat(
                                old.stream()
                                        .filter(line -> !made.contains(line))
                                        .map(line -> "- " + line),
                                made.stream()
                                        .filter(line -> !old.contains(line))
                                        .map(line -> "+ " + line))
                        .toList());
        fail(file + " does not say what the code says; if the code is right, run scripts/generate-docs\n"
                + (changes.isEmpty() ? "(the same lines in another order or number)" : changes));
    }
}
