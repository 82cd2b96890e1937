package dev.sluice.app;

import dev.sluice.sample.SamplingPreset;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/** The sampling presets by the names under which users ask for them. */
final class Presets implements Iterable<String> {
    /** Asks for all of them to be printed. */
    static final String LIST = "list";

    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(SamplingPreset.values()).map(SamplingPreset::label).iterator();
    }

    /** Prints a line for each: its name, the settings in which they differ, and what it is for. */
    static void print(PrintWriter out) {
        int width = Arrays.stream(SamplingPreset.values())
                .mapToInt(preset -> preset.label().length())
                .max()
                .orElseThrow();
        String columns = "%-" + width + "s  %4s  %5s  %5s  %8s  %s%n";
        out.printf(columns, "name", "temp", "top-k", "top-p", "presence", "for");
        for (SamplingPreset preset : SamplingPreset.values()) {
            out.printf(
                    Locale.ROOT,
                    columns,
                    preset.label(),
                    preset.temperature(),
                    preset.topK(),
                    preset.topP(),
                    preset.penalties().presence(),
                    preset.description());
        }
    }
}
