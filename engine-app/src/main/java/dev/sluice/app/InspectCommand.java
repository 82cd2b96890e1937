package dev.sluice.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.MemoryUse;
import dev.sluice.Model;
import dev.sluice.SessionOptions;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.GgufMetadata;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import dev.sluice.gguf.UnsupportedModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "inspect",
        description = "Shows what is in a file, and what a session of it costs.",
        mixinStandardHelpOptions = true,
        footer = {"Examples:", "  sluice inspect -m model.gguf", "  sluice inspect -m model.gguf -c 32768 --json"})
final class InspectCommand extends TerminalCommand {
    private static final int SHOWN_CHARACTERS = 100;
    private static final String BYTES = "_bytes";

    @Mixin
    private ModelOptions model;

    @Section.Of(Section.SESSION)
    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "N",
            description = "Context of the session whose cost is shown; 0 for the model's own. Default: 4096, or less.")
    private Integer context;

    @Section.Of(Section.OUTPUT)
    @Option(names = "--json", description = "Everything as one JSON object.")
    private boolean json;

    InspectCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        try (Gguf file = model.file == null ? Gguf.of(ModelOptions.embedded()) : Gguf.open(model.file)) {
            Map<String, Object> cost = cost();
            if (json) {
                terminal().out().println(new ObjectMapper().writeValueAsString(asJson(file, cost)));
            } else {
                print(file, cost);
            }
        }
        return 0;
    }

    /** What the engine says of the file: the cost of a session, or why it will not run it. */
    private Map<String, Object> cost() throws IOException {
        Map<String, Object> cost = new LinkedHashMap<>();
        try (Model loaded = model.load()) {
            int length = context == null
                    ? Math.min(SessionOptions.DEFAULT_CONTEXT_LENGTH, loaded.contextLength())
                    : context == 0 ? loaded.contextLength() : context;
            MemoryUse use = loaded.memory(SessionOptions.ofContext(length));
            cost.put("supported", true);
            cost.put("layers", loaded.blockCount());
            cost.put("mtp_blocks", loaded.nextnPredictLayers());
            cost.put("session_context", length);
            cost.put("weights_bytes", use.weights());
            cost.put("scratch_bytes", use.scratch());
            cost.put("recurrent_state_bytes", use.recurrentState());
            cost.put("kv_cache_bytes", use.kvCache());
        } catch (UnsupportedModelException | GgufException e) {
            cost.put("supported", false);
            cost.put("reason", e.getMessage());
        }
        return cost;
    }

    private Map<String, Object> asJson(Gguf file, Map<String, Object> cost) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("file", model.name());
        all.put("version", file.version());
        all.put("alignment", file.alignment());
        all.put("bytes", file.fileBytes());
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (String key : file.metadata().keys()) {
            metadata.put(key, file.metadata().find(key).orElseThrow());
        }
        all.put("metadata", metadata);
        List<Map<String, Object>> tensors = new ArrayList<>();
        for (Tensor tensor : file.tensors()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", tensor.name());
            entry.put("type", tensor.type().name());
            entry.put("shape", tensor.shape());
            entry.put("bytes", tensor.bytes());
            tensors.add(entry);
        }
        all.put("tensors", tensors);
        all.put("engine", cost);
        return all;
    }

    private void print(Gguf file, Map<String, Object> cost) {
        PrintWriter out = terminal().out();
        long parameters = file.tensors().stream().mapToLong(Tensor::elements).sum();
        out.printf(
                Locale.ROOT,
                "%s: GGUF version %d, %s, %d tensors, %,d parameters%n",
                model.name(),
                file.version(),
                MemoryUse.text(file.fileBytes()),
                file.tensors().size(),
                parameters);
        out.println("\nMetadata");
        GgufMetadata metadata = file.metadata();
        for (String key : metadata.keys()) {
            out.printf("  %-44s %s%n", printable(key), shown(metadata.find(key).orElseThrow()));
        }
        out.println("\nTensors");
        Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
        for (Tensor tensor : file.tensors()) {
            out.printf(
                    "  %-36s %-7s %-20s %12s%n",
                    printable(tensor.name()),
                    tensor.type(),
                    Arrays.toString(tensor.shape()),
                    MemoryUse.text(tensor.bytes()));
            bytes.merge(tensor.type(), tensor.bytes(), Long::sum);
        }
        out.println("\nTypes");
        long total = bytes.values().stream().mapToLong(Long::longValue).sum();
        bytes.forEach((type, n) ->
                out.printf(Locale.ROOT, "  %-7s %12s %5.1f %%%n", type, MemoryUse.text(n), 100.0 * n / total));
        out.println("\nEngine");
        cost.forEach((key, value) -> printCost(out, key, value));
    }

    private static void printCost(PrintWriter out, String key, Object value) {
        boolean size = key.endsWith(BYTES);
        String label = (size ? key.substring(0, key.length() - BYTES.length()) : key).replace('_', ' ');
        String text =
                switch (value) {
                    case Long bytes -> MemoryUse.text(bytes);
                    case Integer number -> String.format(Locale.ROOT, "%,d", number);
                    case Boolean yes -> yes ? "yes" : "no";
                    default -> printable(value.toString());
                };
        out.printf("  %-24s %s%n", label, text);
    }

    /** A value in one line, long ones cut with a note of their length. */
    private static String shown(Object value) {
        if (value instanceof List<?> list) {
            return "[" + list.size() + " strings]";
        }
        if (value.getClass().isArray() && Array.getLength(value) > 16) {
            return "[" + Array.getLength(value) + " values]";
        }
        String text = value.getClass().isArray() ? arrayText(value) : printable(value.toString());
        return text.length() <= SHOWN_CHARACTERS
                ? text
                : text.substring(0, SHOWN_CHARACTERS) + "... (" + text.length() + " characters)";
    }

    /** Text from a file in one line, without what could steer a terminal. */
    private static String printable(String text) {
        return text.replace("\n", "\\n").replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    private static String arrayText(Object array) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            values.add(Array.get(array, i));
        }
        return values.toString();
    }
}
