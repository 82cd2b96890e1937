package dev.sluice.app.inspect;

import dev.sluice.MemoryUse;
import dev.sluice.app.inspect.Comparison.KeyDifference;
import dev.sluice.app.inspect.Comparison.TensorDifference;
import dev.sluice.app.inspect.Description.TensorEntry;
import dev.sluice.app.inspect.TokenizerDifference.KindDifference;
import dev.sluice.app.inspect.TokenizerDifference.ListDifference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A comparison for people: minus is the first file, plus the second. */
public final class DiffView {
    private static final int MOST_KEYS = 40;
    private static final int MOST_TENSORS = 40;
    private static final int MOST_LINES = 200;

    private final Page page;

    public DiffView(Page page) {
        this.page = page;
    }

    public void print(Comparison files) {
        removed(side(files.a()));
        added(side(files.b()));
        printKeys(files.metadata());
        files.tokenizer().ifPresent(this::printTokenizer);
        files.chatTemplates().forEach(this::printTemplate);
        printTensors(files.tensors());
        page.out().println();
        page.line(
                files.equal()
                        ? page.look(Page.Look.GREEN, "equal" + (files.dataCompared() ? "" : "; data not compared"))
                        : page.look(Page.Look.RED, "different" + (files.dataCompared() ? "" : "; data not compared")));
        page.out().flush();
    }

    private static String side(Comparison.Side side) {
        return Cells.printable(side.file()) + "  GGUF " + side.version() + ", " + MemoryUse.text(side.bytes()) + ", "
                + side.keys() + " keys, " + side.tensors() + " tensors";
    }

    private void removed(String text) {
        page.line(page.look(Page.Look.RED, "- " + text));
    }

    private void added(String text) {
        page.line(page.look(Page.Look.GREEN, "+ " + text));
    }

    private void printKeys(List<KeyDifference> keys) {
        if (keys.isEmpty()) {
            return;
        }
        page.heading("Metadata: " + keys.size() + " keys");
        for (KeyDifference key : page.some(keys, MOST_KEYS)) {
            key.a().ifPresent(value -> removed(shown(key.key(), value)));
            key.b().ifPresent(value -> added(shown(key.key(), value)));
            key.firstDifference().ifPresent(i -> page.line(page.look(Page.Look.DIM, "  from index " + i)));
        }
        page.rest("  ", keys, MOST_KEYS, "keys");
    }

    private String shown(String key, Object value) {
        String name = Cells.cut(Cells.printable(key), page.width() / 2) + "  ";
        return name
                + (value instanceof ArraySummary array
                        ? String.format(
                                Locale.ROOT,
                                "[%,d %ss, SHA-256 %s…]",
                                array.arrayLength(),
                                array.elementType(),
                                array.sha256().substring(0, 12))
                        : Values.oneLine(value, Math.max(20, page.width() - 2 - Cells.width(name))));
    }

    private void printTokenizer(TokenizerDifference tokenizer) {
        page.heading("Tokenizer");
        tokenizer.tokens().ifPresent(tokens -> printList("tokens", "id", tokens));
        tokenizer.merges().ifPresent(merges -> printList("merges", "rank", merges));
        tokenizer.kinds().ifPresent(this::printKinds);
    }

    private void printList(String what, String index, ListDifference list) {
        page.line(String.format(
                Locale.ROOT,
                "  %s: %,d and %,d, different from %s %d on; %,d have another %s",
                what,
                list.lengthA(),
                list.lengthB(),
                index,
                list.firstDifference(),
                list.moved(),
                index));
        if (list.onlyInA() > 0) {
            removed(only(list.onlyInA(), what, list.examplesA()));
        }
        if (list.onlyInB() > 0) {
            added(only(list.onlyInB(), what, list.examplesB()));
        }
    }

    private String only(int count, String what, List<String> examples) {
        String text = String.format(Locale.ROOT, "%,d %s: ", count, what);
        return text + Values.oneLine(examples, Math.max(20, page.width() - 2 - text.length()));
    }

    private void printKinds(KindDifference kinds) {
        page.line(String.format(
                Locale.ROOT,
                "  token types: different from id %d on; %,d ids that both have changed",
                kinds.firstDifference(),
                kinds.changed()));
    }

    private void printTemplate(TemplateDifference template) {
        page.heading(Cells.cut(Cells.printable(template.key()), page.width() - 40) + ": different from line "
                + template.firstDifference() + " on");
        if (template.diff().isEmpty()) {
            page.line("  too long to be compared line by line");
        }
        for (String line : page.some(template.diff(), MOST_LINES)) {
            String shown = Cells.cut(
                    Cells.printable(line.substring(0, Math.min(line.length(), 4 * page.width()))), page.width());
            page.line(
                    switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                        case '-' -> page.look(Page.Look.RED, shown);
                        case '+' -> page.look(Page.Look.GREEN, shown);
                        case '@' -> page.look(Page.Look.CYAN, shown);
                        default -> shown;
                    });
        }
        page.rest("  ", template.diff(), MOST_LINES, "lines");
    }

    private void printTensors(List<TensorDifference> tensors) {
        if (tensors.isEmpty()) {
            return;
        }
        page.heading("Tensors: " + counts(tensors));
        for (TensorDifference tensor : page.some(tensors, MOST_TENSORS)) {
            if (tensor.firstDifference().isPresent()) {
                page.line("≠ " + shown(tensor.a().orElseThrow()) + ": data from byte "
                        + tensor.firstDifference().get() + " of "
                        + tensor.a().orElseThrow().bytes());
            } else {
                tensor.a().ifPresent(entry -> removed(shown(entry)));
                tensor.b().ifPresent(entry -> added(shown(entry)));
            }
        }
        page.rest("  ", tensors, MOST_TENSORS, "tensors");
    }

    private static String counts(List<TensorDifference> tensors) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (TensorDifference tensor : tensors) {
            String what = tensor.firstDifference().isPresent()
                    ? "with other data"
                    : tensor.b().isEmpty()
                            ? "only in the first"
                            : tensor.a().isEmpty() ? "only in the second" : "of another type or shape";
            counts.merge(what, 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private String shown(TensorEntry tensor) {
        return Cells.cut(Cells.printable(tensor.name()), page.width() / 2) + "  " + tensor.type() + " "
                + tensor.shape();
    }
}
