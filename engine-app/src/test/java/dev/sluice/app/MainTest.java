package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: which JVM it accepts, and its encoding. */
class MainTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private Path directory;

    private Processes.Result main(Path java, Map<String, String> environment, List<String> flags, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        // Absolute, because the process has a directory of its own
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> Path.of(path).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        command.addAll(List.of("-cp", classPath, "dev.sluice.app.Main"));
        command.addAll(List.of(args));
        return Processes.run(directory, environment, command);
    }

    @Test
    void withoutTheVectorModule() throws IOException {
        main(JAVA, Map.of(), List.of(), "--version").refuses("--add-modules jdk.incubator.vector");
    }

    @Test
    void onAnOlderJvm() throws IOException {
        Optional<Path> old = olderJava();
        if (old.isEmpty()) {
            System.out.println("MainTest.onAnOlderJvm: skipped, no JDK 11 to 24 in /usr/lib/jvm");
        }
        Assumptions.assumeTrue(old.isPresent(), "no JDK 11 to 24 in /usr/lib/jvm");
        main(old.get(), Map.of(), List.of(), "--version").refuses("needs a JDK 25", "this is", "temurin-25-jdk");
    }

    private static Optional<Path> olderJava() throws IOException {
        Path all = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(all)) {
            return Optional.empty();
        }
        try (Stream<Path> jdks = Files.list(all)) {
            for (Path jdk : jdks.sorted().toList()) {
                Path release = jdk.resolve("release");
                Path java = jdk.resolve("bin/java");
                if (Files.isExecutable(java)
                        && Files.exists(release)
                        && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(1[1-9]|2[0-4])[\".].*")) {
                    return Optional.of(java);
                }
            }
        }
        return Optional.empty();
    }

    /** Output is UTF-8 in every locale. */
    @Test
    void plainLocale() throws IOException {
        List<String> flags = List.of("--add-modules", "jdk.incubator.vector");
        Path ids = Files.writeString(directory.resolve("ids.txt"), "Grüße");
        main(JAVA, Map.of("LC_ALL", "C"), flags, "run", "--tokens", "@" + ids).refuses("'Grüße' is not a token id");
        Processes.Result vocabulary = main(JAVA, Map.of("LC_ALL", "C"), flags, "inspect", "--json");
        assertThat(vocabulary.status()).isZero();
        assertThat(vocabulary.out()).contains("Ġ").doesNotContain("\uFFFD");
    }

    /** The terminal library gets along without native code, which would make the JVM print warnings. */
    @Test
    void chatWithoutNativeAccess() throws IOException {
        List<String> flags = List.of("--add-modules", "jdk.incubator.vector", "--illegal-native-access=deny");
        Processes.Result run = main(JAVA, Map.of("PATH", System.getenv("PATH")), flags, "chat");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isZero();
    }
}
