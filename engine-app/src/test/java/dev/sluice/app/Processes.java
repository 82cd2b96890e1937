package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as processes of their own. */
final class Processes {
    /** What a process printed; the JVM's banner about incubator modules left out. */
    record Result(int status, String out, String err) {
        /** Asserts exit status 2 and one line on standard error, with these words. */
        void refuses(String... words) {
            assertThat(err).startsWith("sluice: ").contains(words);
            assertThat(err.lines()).hasSize(1);
            assertThat(out).isEmpty();
            assertThat(status).isEqualTo(2);
        }
    }

    private Processes() {}

    /** Runs a command to its end; the environment has nothing but what is given. */
    static Result run(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("%s ended", command)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), read(out), withoutBanner(read(err)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutBanner(String err) {
        return err.replaceAll("WARNING: Using incubator modules: jdk\\.incubator\\.vector\\R", "");
    }
}
