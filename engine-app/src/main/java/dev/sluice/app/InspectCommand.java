package dev.sluice.app;

import dev.sluice.Inspection;
import dev.sluice.app.inspect.Comparison;
import dev.sluice.app.inspect.Description;
import dev.sluice.app.inspect.DiffView;
import dev.sluice.app.inspect.JsonView;
import dev.sluice.app.inspect.Page;
import dev.sluice.app.inspect.TerminalView;
import dev.sluice.gguf.Gguf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "inspect",
        description = {
            "Shows what is in a file, or the differences of two.",
            "Says too what the engine would refuse in it, all at once and why, and what sessions of it would cost."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "Examples:",
            "  sluice inspect -m model.gguf -c 32768",
            "  sluice inspect -m model.gguf --json --no-arrays",
            "  sluice inspect --diff a.gguf b.gguf",
            "JSON:",
            "  What a file does not have is left out; NaN and infinities are strings.",
            "  file version alignment bytes name architecture parts[]",
            "  parameters {total active bits_per_weight}",
            "  metadata {key: value}",
            "  types[] {type tensors parameters bytes share}",
            "  layers {input[] groups[] {blocks mixer feed_forward mtp types parameters",
            "    bytes tensors[]} output[] tied others[]}",
            "  tensors[] {name type shape parameters bytes}",
            "  tokenizer {model pre tokens merges kinds special end_of_generation padding}",
            "  chat_templates[] {name characters lines sha256 variables problem}",
            "  rope {dimensions base sections scaling factor original_context_length}",
            "  sampling {file in_force[] {name value from_file}}",
            "  engine {supported refusals[] warnings[] {kind message tensors} layers",
            "    mtp_blocks context_length memory {weights_bytes scratch_bytes sessions[]}}",
            "JSON with --diff:",
            "  a b equal data_compared metadata[] tokenizer chat_templates[] tensors[]"
        },
        exitCodeList = {
            "0:Success, also for a file that does not run; with --diff, equal.",
            "1:With --diff, different; else a defect of the program.",
            "2:A wrong option, or a file that cannot be read; one line on standard error says what and where."
        })
final class InspectCommand extends TerminalCommand {
    private static final int DEFAULT_WIDTH = 100;
    private static final int LEAST_WIDTH = 60;

    @Mixin
    private ModelOptions model;

    @Section.Of(Section.SESSION)
    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "N",
            description = "Context of the session whose cost is shown, besides others; 0 for the model's own. Default: "
                    + "4096, or less.")
    private Integer context;

    @Section.Of(Section.OUTPUT)
    @Option(names = "--json", description = "Everything as one JSON object.")
    private boolean json;

    @Section.Of(Section.OUTPUT)
    @Option(
            names = "--no-arrays",
            description = "In JSON, of metadata arrays with more than 16 elements only the length and a hash.")
    private boolean noArrays;

    @Section.Of(Section.OUTPUT)
    @Option(
            names = {"-v", "--all"},
            description = "In the terminal, every tensor of every layer, and no list cut.")
    private boolean all;

    @Section.Of(Section.INPUT)
    @Option(
            names = "--diff",
            arity = "2",
            paramLabel = "FILE",
            description = "Compare two files: keys, tokenizer, chat templates, tensors and their data.")
    private Path[] diff;

    @Section.Of(Section.INPUT)
    @Option(names = "--no-data", description = "With --diff, do not compare the data of tensors.")
    private boolean noData;

    InspectCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        check();
        return diff == null ? describe() : compare();
    }

    private void check() {
        if (context != null && context < 0) {
            throw new IllegalArgumentException("-c " + context + ": expected at least 0");
        }
        if (diff != null && (model.file != null || context != null || noArrays)) {
            throw new IllegalArgumentException("--diff takes two files, and neither -m nor -c nor --no-arrays");
        }
        if (diff != null && diff.length != 2) {
            throw new IllegalArgumentException("--diff is given twice: expected two files");
        }
        if (diff == null && noData) {
            throw new IllegalArgumentException("--no-data needs --diff");
        }
        if (noArrays && !json) {
            throw new IllegalArgumentException("--no-arrays needs --json");
        }
        if (all && json) {
            throw new IllegalArgumentException("--all is for the terminal: --json has everything");
        }
    }

    private int describe() throws IOException {
        try (Gguf file = model.open()) {
            Description description = Description.of(
                    model.name(),
                    file,
                    Inspection.of(file, model.toOptions()),
                    context == null ? OptionalInt.empty() : OptionalInt.of(context));
            if (json) {
                JsonView.print(terminal().out(), noArrays ? description.withoutLongArrays() : description);
            } else {
                new TerminalView(page()).print(description);
            }
        }
        return 0;
    }

    private int compare() throws IOException {
        try (Gguf a = Gguf.open(diff[0]);
                Gguf b = Gguf.open(diff[1])) {
            Comparison comparison = Comparison.of(diff[0].toString(), a, diff[1].toString(), b, !noData);
            if (json) {
                JsonView.print(terminal().out(), comparison);
            } else {
                new DiffView(page()).print(comparison);
            }
            return comparison.equal() ? 0 : 1;
        }
    }

    private Page page() {
        return new Page(
                terminal().out(), width(System.getenv("COLUMNS")), terminal().colours(), all);
    }

    /** The terminal's width where the shell tells it; what is not a sensible width is none. */
    static int width(String columns) {
        return columns != null && columns.matches("\\d{1,4}") && Integer.parseInt(columns) >= LEAST_WIDTH
                ? Integer.parseInt(columns)
                : DEFAULT_WIDTH;
    }
}
