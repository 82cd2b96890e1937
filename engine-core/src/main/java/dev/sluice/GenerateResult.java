package dev.sluice;

import dev.sluice.sample.SamplingOptions;
import java.util.List;

/**
 * A finished generation.
 *
 * @param text the answer (lane CONTENT)
 * @param reasoning what the model thought before it (lane REASONING); empty where it did not
 * @param tokens ids generated, an end-of-generation token not included
 * @param sampling the settings that were in force, the seed among them
 * @param finish why it ended
 * @param usage tokens read and generated
 * @param timings how long it took
 */
public record GenerateResult(
        String text,
        String reasoning,
        List<Integer> tokens,
        FinishReason finish,
        Usage usage,
        Timings timings,
        SamplingOptions sampling) {}
