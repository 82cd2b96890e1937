package dev.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** How many threads compute fastest: a second one on the same core has no vector units of its own. */
final class Processors {
    private static final Path SYSTEM = Path.of("/sys/devices/system/cpu");

    private Processors() {}

    /** Physical cores, but no more than processors that the JVM may use, which knows the limits of a container. */
    static int physicalCores() {
        return physicalCores(SYSTEM, Runtime.getRuntime().availableProcessors());
    }

    /**
     * @param system where Linux describes its processors; elsewhere each is taken for a core
     * @param available processors that the JVM may use
     */
    static int physicalCores(Path system, int available) {
        try (var files = Files.list(system)) {
            Set<String> cores = files.filter(
                            file -> file.getFileName().toString().matches("cpu\\d+"))
                    .map(file -> file.resolve("topology/thread_siblings_list"))
                    .filter(Files::exists)
                    .map(Processors::read)
                    .collect(Collectors.toSet());
            return cores.isEmpty() ? available : Math.min(cores.size(), available);
        } catch (IOException | UncheckedIOException e) {
            return available;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
