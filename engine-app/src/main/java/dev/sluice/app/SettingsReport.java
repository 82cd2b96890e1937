package dev.sluice.app;

import dev.sluice.sample.Penalties;
import dev.sluice.sample.SamplingOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The sampling settings that were in force, by the names that llama.cpp's server has for them. Settings without effect are
 * left out: at temperature 0 all that come after the penalties, the seed among them.
 */
final class SettingsReport {
    private SettingsReport() {}

    /** For JSON. A token that is banned has the bias {@code false}, as in llama.cpp's server. */
    static Map<String, Object> of(SamplingOptions sampling) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("temperature", sampling.temperature());
        if (sampling.temperature() > 0) {
            settings.put("top_k", sampling.topK());
            settings.put("top_p", sampling.topP());
            settings.put("min_p", sampling.minP());
        }
        Penalties penalties = sampling.penalties();
        if (!penalties.areNone()) {
            settings.put("repeat_penalty", penalties.repeat());
            settings.put("presence_penalty", penalties.presence());
            settings.put("frequency_penalty", penalties.frequency());
            settings.put("repeat_last_n", penalties.lastN());
        }
        if (!sampling.logitBias().isEmpty()) {
            Map<Integer, Object> biases = new TreeMap<>();
            sampling.logitBias().forEach((id, bias) -> biases.put(id, Float.isInfinite(bias) ? false : bias));
            settings.put("logit_bias", biases);
        }
        if (sampling.temperature() > 0) {
            settings.put("seed", sampling.seed());
        }
        return settings;
    }

    /** For people, in one line. */
    static String line(SamplingOptions sampling) {
        return of(sampling).entrySet().stream()
                .map(setting -> setting.getKey().replace('_', ' ') + " " + setting.getValue())
                .collect(Collectors.joining(", "));
    }
}
