package dev.sluice.bench.speed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * On what was measured.
 *
 * @param cpu the model's name as the system gives it
 * @param vectorBits of the vectors that the JVM prefers
 * @param heapBytes most that the heap may take
 */
public record Machine(String cpu, int vectorBits, String jvm, long heapBytes) {
    public static Machine current() {
        return new Machine(
                readCpu(),
                FloatVector.SPECIES_PREFERRED.vectorBitSize(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Runtime.getRuntime().maxMemory());
    }

    private static String readCpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return nameOf(lines.toList());
        } catch (IOException e) {
            return sysctl();
        }
    }

    /** Of the lines of {@code /proc/cpuinfo}; some ARM systems name no model. */
    static String nameOf(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return System.getProperty("os.arch");
    }

    private static String sysctl() {
        try {
            Process process = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string").start();
            String name = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return name.isEmpty() ? System.getProperty("os.arch") : name;
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
