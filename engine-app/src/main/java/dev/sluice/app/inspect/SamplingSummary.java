package dev.sluice.app.inspect;

import dev.sluice.Inspection;
import dev.sluice.gguf.GgufMetadata;
import dev.sluice.sample.SamplingOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of requests that name none.
 *
 * @param file the keys {@code general.sampling.*}, without that prefix
 * @param inForce what the engine makes of them; empty where one is bad
 */
public record SamplingSummary(Map<String, Object> file, List<Setting> inForce) {
    private static final String PREFIX = "general.sampling.";

    /** @param fromFile whether the file says so, or else the engine's default */
    public record Setting(String name, Number value, boolean fromFile) {}

    static SamplingSummary of(GgufMetadata metadata, Inspection inspection) {
        Map<String, Object> file = new LinkedHashMap<>();
        for (String key : metadata.keys()) {
            if (key.startsWith(PREFIX)) {
                file.put(key.substring(PREFIX.length()), metadata.find(key).orElseThrow());
            }
        }
        return new SamplingSummary(
                file,
                inspection
                        .defaultSampling()
                        .map(options -> settings(options, file))
                        .orElse(List.of()));
    }

    private static List<Setting> settings(SamplingOptions options, Map<String, Object> file) {
        return List.of(
                new Setting("temperature", options.temperature(), file.containsKey("temp")),
                new Setting("top_k", options.topK(), file.containsKey("top_k")),
                new Setting("top_p", options.topP(), file.containsKey("top_p")),
                new Setting("min_p", options.minP(), file.containsKey("min_p")),
                new Setting("repeat_penalty", options.penalties().repeat(), file.containsKey("penalty_repeat")),
                new Setting("penalty_last_n", options.penalties().lastN(), file.containsKey("penalty_last_n")));
    }
}
