package dev.sluice;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory the system and the JVM could give. */
final class SystemMemory {
    private SystemMemory() {}

    /** Bytes available without swapping, as far as the system tells; caches that it would give up count. */
    static long available() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        // The bean knows the limit of a container; its "free" does not count what caches would give up.
        long limit = system.getTotalMemorySize();
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .map(bytes -> Math.min(bytes, limit))
                    .findFirst()
                    .orElseGet(system::getFreeMemorySize);
        } catch (IOException e) {
            return system.getFreeMemorySize();
        }
    }

    /** Bytes that large arrays can still take on the heap; a tenth is left to everybody else. */
    static long freeHeap() {
        // Large arrays live in the old generation, which most collectors limit to a part of the heap.
        long pool = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getMax() - usage.getUsed())
                .max()
                .orElse(0);
        return pool / 10 * 9;
    }
}
