package dev.sluice.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The most memory that this process held at once, mapped files among it, as the system counts it; only Linux tells. The buffers
 * of {@link MachineLimits} would hide what a model takes, so that counting can pause.
 */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    /** What to write there to have the peak begin anew, at what is held now. */
    private static final String PEAK = "5";

    private long beforePause;
    private boolean known = true;

    /** What is held from here on counts only if it is still held at {@link #resume}. */
    public void pause() {
        OptionalLong bytes = bytes();
        known = bytes.isPresent();
        beforePause = bytes.orElse(0);
    }

    /** Forgets what was held since the {@link #pause}. Where the system cannot do so, the peak is unknown from here on. */
    public void resume() {
        try {
            Files.writeString(CLEAR, PEAK);
        } catch (IOException e) {
            known = false;
        }
    }

    /** Since the start of the process, pauses left out. */
    public OptionalLong bytes() {
        OptionalLong now = known ? read() : OptionalLong.empty();
        return now.isPresent() ? OptionalLong.of(Math.max(beforePause, now.getAsLong())) : now;
    }

    private static OptionalLong read() {
        try (var lines = Files.lines(STATUS)) {
            return peakOf(lines.toList());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Of the lines of {@code /proc/self/status}; some containers leave it out. */
    static OptionalLong peakOf(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("VmHWM:")) {
                return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("\\D", "")));
            }
        }
        return OptionalLong.empty();
    }
}
