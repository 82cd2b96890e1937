package dev.sluice.app;

import dev.sluice.Cancellation;
import dev.sluice.GenerateOptions;
import dev.sluice.sample.SamplingPreset;
import java.util.List;
import picocli.CommandLine.Option;

/** How tokens are chosen and when to stop: the options of a generation, named as in llama.cpp. */
@Section.Of(Section.SAMPLING)
final class SamplingFlags {
    @Option(
            names = {"-n", "--predict", "--n-predict"},
            paramLabel = "N",
            description = "Most tokens to generate; -1 for as many as fit. Default: -1.")
    private Integer predict;

    @Option(names = "--temp", paramLabel = "T", description = "Temperature; 0 takes the most likely token.")
    private Double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Keep the K most likely tokens; 0 keeps all.")
    private Integer topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Keep the most likely tokens that reach P; 1 keeps all.")
    private Double topP;

    @Option(names = "--min-p", paramLabel = "P", description = "Drop tokens below P times the best one's probability.")
    private Double minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            description = "Divide positive logits of tokens in the prompt and the reply by X, multiply negative ones;"
                    + " 1 for none.")
    private Double repeatPenalty;

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            description = "Lower the logits of tokens in the reply by X, from -2 to 2; 0 for none.")
    private Double presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            description =
                    "Lower the logits of tokens by X for each time they are in the reply, from -2 to 2; 0 for none.")
    private Double frequencyPenalty;

    @Option(
            names = "--repeat-last-n",
            paramLabel = "N",
            description = "The three penalties look at the last N tokens; -1 for all, 0 for no penalties.")
    private Integer repeatLastN;

    @Option(
            names = {"-l", "--logit-bias"},
            paramLabel = "ID(+|-)BIAS",
            converter = TokenBias.Converter.class,
            description = "Add to the logit of a token id: 42+1.5 or 42-3; 42-inf bans it. May be given again.")
    private List<TokenBias> logitBias;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            completionCandidates = Presets.class,
            description =
                    "Qwen's settings, such as qwen3.5-thinking; 'list' prints all and ends. Options given beside it"
                            + " win. It does not switch thinking.")
    private String preset;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            description = "Seed; -1 for a random one. Default: random.")
    private Long seed;

    @Option(
            names = {"--stop", "-r", "--reverse-prompt"},
            paramLabel = "TEXT",
            description = "Stop before this text; may be given again.")
    private List<String> stop;

    @Option(names = "--ignore-eos", description = "Go on after the model has ended its reply.")
    private boolean ignoreEos;

    /** The limit asked for; -1 where there is none. */
    int predicted() {
        return predict == null ? -1 : predict;
    }

    /** Whether nothing is to be done but to print the presets. */
    boolean listsPresets() {
        return Presets.LIST.equals(preset);
    }

    GenerateOptions toOptions(Cancellation cancellation) {
        GenerateOptions.Builder options = GenerateOptions.builder().cancellation(cancellation);
        if (predicted() < -1) {
            throw new IllegalArgumentException("-n " + predict + ": expected a number of tokens, or -1");
        }
        if (predicted() >= 0) {
            options.maxTokens(predict);
        }
        if (temperature != null) {
            options.temperature(temperature);
        }
        if (topK != null) {
            options.topK(topK);
        }
        if (topP != null) {
            options.topP(topP);
        }
        if (minP != null) {
            options.minP(minP);
        }
        if (repeatPenalty != null) {
            options.repeatPenalty(repeatPenalty);
        }
        if (presencePenalty != null) {
            options.presencePenalty(presencePenalty);
        }
        if (frequencyPenalty != null) {
            options.frequencyPenalty(frequencyPenalty);
        }
        if (repeatLastN != null) {
            options.penaltyLastN(repeatLastN);
        }
        if (logitBias != null) {
            TokenBias.requireDistinct(logitBias);
            logitBias.forEach(bias -> options.logitBias(bias.token(), bias.bias()));
        }
        if (preset != null) {
            options.preset(SamplingPreset.of(preset));
        }
        if (seed != null && seed != -1) {
            options.seed(seed);
        }
        if (stop != null) {
            options.stop(stop);
        }
        return options.ignoreEndOfGeneration(ignoreEos).build();
    }
}
