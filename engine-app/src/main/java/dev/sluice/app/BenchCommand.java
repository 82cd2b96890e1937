package dev.sluice.app;

import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.bench.speed.Combination;
import dev.sluice.bench.speed.Machine;
import dev.sluice.bench.speed.MachineLimits;
import dev.sluice.bench.speed.Measurement;
import dev.sluice.bench.speed.ModelCost;
import dev.sluice.bench.speed.ModelFile;
import dev.sluice.bench.speed.PeakMemory;
import dev.sluice.bench.speed.Peer;
import dev.sluice.bench.speed.ReportFormat;
import dev.sluice.bench.speed.SpeedBench;
import dev.sluice.bench.speed.SpeedOptions;
import dev.sluice.bench.speed.SpeedReport;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "bench",
        description = {
            "Measures tokens per second of prefill and decode, for each combination of -p, -n and -d.",
            "Each combination is warmed up until two runs in a row agree within 5 %. Token ids are random; nothing is"
                    + " sampled."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "Examples:",
            "  sluice bench -m model.gguf -p 256,1024 -n 24 -d 0,4096",
            "  sluice bench -m model.gguf -t 2 --limits -o json > result.json"
        })
@Section.Of(Section.MEASUREMENT)
final class BenchCommand extends TerminalCommand {
    @Mixin
    private ModelOptions model;

    @Option(
            names = {"-p", "--n-prompt"},
            split = ",",
            paramLabel = "N",
            defaultValue = "256",
            description = "Tokens of the prompt; 0 for no prefill. Default: 256.")
    private List<Integer> prompt;

    @Option(
            names = {"-n", "--n-gen"},
            split = ",",
            paramLabel = "N",
            defaultValue = "24",
            description = "Tokens decoded one by one; 0 for no decode. Default: 24.")
    private List<Integer> generated;

    @Option(
            names = {"-d", "--n-depth"},
            split = ",",
            paramLabel = "N",
            defaultValue = "prompt",
            converter = DepthConverter.class,
            description = "Tokens held before each of both. Default: prompt, which decodes after the prompt.")
    private List<OptionalInt> depth;

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Measured runs. Default: 5.")
    private int repetitions;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "No warm-up run of a combination starts later; 0 for none. Default: 60.")
    private int warmUp;

    @Section.Of(Section.OUTPUT)
    @Option(
            names = {"-o", "--output"},
            paramLabel = "md|csv|json|jsonl",
            defaultValue = "md",
            converter = FormatConverter.class,
            description = "Form of the report; json is one object for one combination, else an array. Default: md.")
    private ReportFormat output;

    @Section.Of(Section.SESSION)
    @Option(
            names = "--kv",
            paramLabel = "f16|f32",
            defaultValue = "f16",
            converter = KvTypeConverter.class,
            description = "Element type of keys and values. Default: f16.")
    private TensorType kv;

    @Option(
            names = "--limits",
            description = "Measure what the machine gives, before and after, and report the shares of it.")
    private boolean limits;

    @Option(
            names = "--against",
            paramLabel = "COMMAND",
            description = {
                "After each measured run, run this shell command once, which prints the same JSON. {model}, {p}, {n}, {d}, {t}"
                        + " stand for the file, numbers of tokens and threads; {d} is 'prompt' without -d.",
                "This program stays warm meanwhile; the other is started anew each time and must warm up by itself."
            })
    private String against;

    @Section.Of(Section.OUTPUT)
    @Option(names = "--no-hash", description = "Do not read the file once more, at the end, for its SHA-256.")
    private boolean noHash;

    BenchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        SpeedOptions options = new SpeedOptions(combinations(), repetitions, Duration.ofSeconds(warmUp), kv);
        LoadOptions load = model.toOptions();
        if (against != null && model.file == null) {
            throw new IllegalArgumentException("--against needs a file for the other program; name it with -m FILE");
        }
        StatusLine status = StatusLine.of(terminal().err());
        PeakMemory memory = new PeakMemory();
        SpeedReport report;
        try (Model loaded = model.load()) {
            Optional<Peer> peer = Optional.ofNullable(against).map(c -> new Peer(c, model.file, load.threads()));
            Optional<MachineLimits> before = measureLimits(load.threads(), memory, status);
            List<Measurement> measurements = new SpeedBench(loaded, options, peer, status::show).run();
            Optional<MachineLimits> after = measureLimits(load.threads(), memory, status);
            report = new SpeedReport(
                    ModelFile.of(loaded.file(), model.name(), hash(loaded, status)),
                    ModelCost.of(loaded, kv),
                    Machine.current(),
                    load.threads(),
                    options,
                    measurements,
                    before.map(b -> new SpeedReport.Limits(b, after.orElseThrow())),
                    peer.map(Peer::command),
                    memory.bytes());
        } finally {
            status.clear();
        }
        terminal().out().println(output.write(report));
        return 0;
    }

    /** Depth by depth, so that each is filled once. */
    private List<Combination> combinations() {
        List<Combination> combinations = new ArrayList<>();
        for (OptionalInt d : depth) {
            for (int p : prompt) {
                for (int n : generated) {
                    combinations.add(new Combination(p, n, d));
                }
            }
        }
        return combinations;
    }

    private Optional<MachineLimits> measureLimits(int threads, PeakMemory memory, StatusLine status)
            throws IOException {
        if (!limits) {
            return Optional.empty();
        }
        status.show("measuring the machine");
        memory.pause();
        MachineLimits measured = MachineLimits.measure(threads, Optional.ofNullable(model.file));
        memory.resume();
        return Optional.of(measured);
    }

    private Optional<String> hash(Model loaded, StatusLine status) throws IOException {
        if (noHash || model.file == null) {
            return Optional.empty();
        }
        List<Path> files =
                loaded.file().parts().stream().map(part -> Path.of(part.name())).toList();
        return Optional.of(ModelFile.sha256(files, status::show));
    }

    /** A number of tokens, or the word prompt. */
    static final class DepthConverter implements ITypeConverter<OptionalInt> {
        @Override
        public OptionalInt convert(String value) {
            if (value.equals("prompt")) {
                return OptionalInt.empty();
            }
            try {
                return OptionalInt.of(Integer.parseInt(value));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + value + "' is not a number of tokens");
            }
        }
    }

    static final class FormatConverter implements ITypeConverter<ReportFormat> {
        @Override
        public ReportFormat convert(String value) {
            return switch (value) {
                case "md" -> ReportFormat.MD;
                case "csv" -> ReportFormat.CSV;
                case "json" -> ReportFormat.JSON;
                case "jsonl" -> ReportFormat.JSONL;
                default ->
                    throw new TypeConversionException(
                            "'" + value + "' is not supported; expected md, csv, json or jsonl");
            };
        }
    }
}
