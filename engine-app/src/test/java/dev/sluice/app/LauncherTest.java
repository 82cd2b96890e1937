package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, in a copy of the project's directories, with JDKs and a Maven that only print or write what they were asked.
 */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "sluice").toAbsolutePath().normalize();
    private static final String VECTOR = "java.base jdk.incubator.vector";

    /** What the script may call; java and mvn are not among them unless a test puts them there. */
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "dirname",
            "env",
            "find",
            "flock",
            "grep",
            "mkdir",
            "mv",
            "readlink",
            "sh",
            "sleep",
            "touch");

    @TempDir
    private Path directory;

    private Path home;
    private Path jdks;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(directory.resolve("home of sluice"));
        jdks = Files.createDirectories(directory.resolve("jdks"));
        Files.copy(LAUNCHER, home.resolve("sluice"));
        executable(home.resolve("sluice"));
        Files.createFile(home.resolve("pom.xml"));
        for (String module : List.of("loader", "core", "bench", "app")) {
            Path root = Files.createDirectories(home.resolve("engine-" + module + "/src/main"));
            Files.createFile(root.resolve("Source.java"));
            Files.createFile(home.resolve("engine-" + module + "/pom.xml"));
        }
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : TOOLS) {
            for (Path program : List.of(Path.of("/usr/bin", tool), Path.of("/bin", tool))) {
                if (Files.isExecutable(program) && Files.notExists(tools.resolve(tool))) {
                    Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + program + " \"$@\"\n");
                    executable(tools.resolve(tool));
                }
            }
        }
        environment.put("PATH", tools.toString());
        environment.put("HOME", directory.toString());
        environment.put("SLUICE_JDK_DIRS", jdks.toString());
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path script(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
        executable(file);
        return file;
    }

    /** A JDK whose java prints its name and its arguments, a line each. */
    private Path jdk(String name, String version, String modules) throws IOException {
        Path jdk = jdks.resolve(name);
        script(jdk.resolve("bin/java"), "echo " + name, "printf '%s\\n' \"$@\"");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\nMODULES=\"" + modules + "\"\n");
        return jdk;
    }

    /** A Maven that chatters, takes a moment, and leaves a note of every build. */
    private void maven(int status) throws IOException {
        script(
                directory.resolve("tools/mvn"),
                "echo chatter; echo more chatter >&2",
                "sleep 0.5",
                "echo build >> " + directory.resolve("builds.txt"),
                "exit " + status);
    }

    private int builds() throws IOException {
        Path file = directory.resolve("builds.txt");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    /** Marks the sources as built. */
    private void built() throws IOException {
        Path built = Files.createDirectories(home.resolve("engine-app/target")).resolve("built");
        Files.createFile(built);
        Files.setLastModifiedTime(built, FileTime.from(Instant.now().plusSeconds(5)));
    }

    private Processes.Result launch(String... args) throws IOException {
        return launch(home.resolve("sluice"), args);
    }

    private Processes.Result launch(Path launcher, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        return Processes.run(directory, environment, command);
    }

    @Test
    void syntax() throws IOException {
        assertThat(Processes.run(directory, environment, List.of("bash", "-n", LAUNCHER.toString()))
                        .status())
                .isZero();
    }

    @Test
    void passesFlagsAndArguments() throws IOException {
        jdk("temurin-25", "25.0.1", VECTOR);
        built();
        environment.put("SLUICE_JAVA_OPTS", "-Xmx1g -Dx=y");
        Processes.Result run = launch("run", "two words", "*", "");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .startsWith("temurin-25", "--add-modules", "jdk.incubator.vector")
                .contains("-Xmx1g", "-Dx=y")
                .endsWith("dev.sluice.app.Main", "run", "two words", "*", "");
    }

    @Test
    void olderJavaHome() throws IOException {
        environment.put("JAVA_HOME", jdk("a-17", "17.0.12", VECTOR).toString());
        jdk("b-25", "25", VECTOR);
        built();
        assertThat(launch("--version").out()).startsWith("b-25\n");
    }

    @Test
    void javaHomeAndPathComeFirst() throws IOException {
        jdk("a-25", "25", VECTOR);
        Path second = jdk("b-25", "25.0.2", VECTOR);
        built();
        Files.createSymbolicLink(directory.resolve("tools/java"), second.resolve("bin/java"));
        assertThat(launch("--version").out()).startsWith("b-25\n");
        environment.put("JAVA_HOME", jdk("c-25", "25.0.3", VECTOR).toString());
        assertThat(launch("--version").out()).startsWith("c-25\n");
    }

    @Test
    void noJdk() throws IOException {
        built();
        launch("--version").refuses("needs a JDK 25 and found none", "temurin-25-jdk", "JAVA_HOME");
        jdk("a-17", "17.0.12", VECTOR);
        jdk("b-25", "25", "java.base");
        jdk("c-250", "250", VECTOR);
        launch("--version").refuses("needs a JDK 25 and found none");
        environment.put("SLUICE_JAVA_HOME", jdks.resolve("a-17").toString());
        launch("--version").refuses("SLUICE_JAVA_HOME", "a-17", "is not a JDK 25");
    }

    @Test
    void fromElsewhereAndThroughSymlinks() throws IOException {
        jdk("a-25", "25", VECTOR);
        built();
        Path first = Files.createSymbolicLink(directory.resolve("first"), home.resolve("sluice"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), first.getFileName());
        Processes.Result run = launch(second, "--version");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(home.toRealPath() + "/engine-app/target/sluice.jar:");
    }

    @Test
    void buildsOnceAndSilently() throws IOException {
        jdk("a-25", "25", VECTOR);
        launch("--version").refuses("needs Maven", "package maven");
        maven(0);
        Processes.Result first = launch("--version");
        assertThat(first.err()).startsWith("sluice: building").hasLineCount(1);
        assertThat(first.out()).startsWith("a-25\n").doesNotContain("chatter");
        assertThat(launch("--version").err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
        Path source = home.resolve("engine-core/src/main/Source.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(launch("--version").err()).contains("building");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void usesAnArchiveOfClasses() throws IOException {
        Path jdk = jdk("a-25", "25", VECTOR);
        maven(0);
        assertThat(launch("--version").out()).doesNotContain("-XX:SharedArchiveFile"); // this java makes none
        script(
                jdk.resolve("bin/java"),
                "for arg; do case $arg in -XX:ArchiveClassesAtExit=*) echo > \"${arg#*=}\" ;; esac; done",
                "printf '%s\\n' \"$@\"");
        Path source = home.resolve("engine-core/src/main/Source.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        Processes.Result run = launch("--version");
        assertThat(run.err()).startsWith("sluice: building").hasLineCount(1);
        assertThat(run.out().lines())
                .contains("-XX:SharedArchiveFile=" + home.toRealPath() + "/engine-app/target/classes.jsa");
    }

    @Test
    void failedBuild() throws IOException {
        jdk("a-25", "25", VECTOR);
        maven(1);
        Processes.Result run = launch("--version");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("chatter").endsWith("sluice: the build failed; see above\n");
        maven(0);
        assertThat(launch("--version").status()).isZero();
    }

    @Test
    void concurrentFirstRunsBuildOnce() throws IOException {
        boolean locks = Files.exists(directory.resolve("tools/flock"));
        if (!locks) {
            System.out.println("LauncherTest.concurrentFirstRunsBuildOnce: skipped, no flock here");
        }
        Assumptions.assumeTrue(locks, "no flock here");
        jdk("a-25", "25", VECTOR);
        maven(0);
        List<CompletableFuture<Processes.Result>> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(CompletableFuture.supplyAsync(this::version));
        }
        for (CompletableFuture<Processes.Result> run : runs) {
            assertThat(run.join().status()).isZero();
            assertThat(run.join().out()).startsWith("a-25\n");
        }
        assertThat(builds()).isEqualTo(1);
    }

    private Processes.Result version() {
        try {
            return launch("--version");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
