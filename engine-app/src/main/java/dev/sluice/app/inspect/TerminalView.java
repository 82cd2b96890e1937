package dev.sluice.app.inspect;

import dev.sluice.MemoryUse;
import dev.sluice.app.inspect.SamplingSummary.Setting;
import dev.sluice.gguf.Gguf;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A description for people. The verdict stands at the end, where a terminal shows it. */
public final class TerminalView {
    private static final int MOST_KEYS = 100;
    private static final int MOST_LINES = 20;
    private static final int LONGEST_KEY = 44;
    private static final int LONGEST_BAR = 40;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private final Page page;

    public TerminalView(Page page) {
        this.page = page;
    }

    public void print(Description file) {
        printHeader(file);
        printMetadata(file.metadata());
        new LayersView(page).print(file.layers());
        printTypes(file.types());
        printTokenizer(file);
        printTemplates(file.chatTemplates());
        printSettings(file);
        new EngineView(page).print(file.engine());
        page.out().flush();
    }

    private void printHeader(Description file) {
        String parameters = Cells.count(file.parameters().total()) + " parameters"
                + file.parameters()
                        .active()
                        .map(n -> " (" + Cells.count(n) + " active per token)")
                        .orElse("");
        page.line(page.look(
                Page.Look.BOLD, Cells.cut(Cells.printable(file.name().orElse("unnamed model")), page.width())));
        page.line(String.join(
                " · ",
                Cells.cut(Cells.printable(file.architecture().orElse("no architecture")), page.width() / 3),
                parameters,
                MemoryUse.text(file.bytes()),
                String.format(
                        Locale.ROOT, "%.2f bits per weight", file.parameters().bitsPerWeight()),
                "GGUF " + file.version(),
                file.tensors().size() + " tensors"));
        page.line(page.look(Page.Look.DIM, Cells.printable(file.file())));
        if (file.parts().size() > 1) {
            for (Gguf.Part part : page.some(file.parts(), MOST_LINES)) {
                page.line(page.look(
                        Page.Look.DIM,
                        "  " + Cells.printable(part.name()) + ": " + part.tensors() + " tensors, "
                                + MemoryUse.text(part.bytes())));
            }
            page.rest("  ", file.parts(), MOST_LINES, "parts");
        }
    }

    private void printMetadata(Map<String, Object> metadata) {
        page.heading("Metadata");
        List<String> keys = List.copyOf(metadata.keySet());
        List<String> shown = page.some(keys, MOST_KEYS);
        int width = shown.stream()
                .mapToInt(key -> Cells.width(Cells.printable(key)))
                .max()
                .orElse(0);
        int column = Math.min(width, Math.min(LONGEST_KEY, page.width() / 2));
        for (String key : shown) {
            page.line("  " + page.look(Page.Look.DIM, Cells.left(Cells.printable(key), column)) + "  "
                    + Values.oneLine(metadata.get(key), Math.max(20, page.width() - column - 4)));
        }
        page.rest("  ", keys, MOST_KEYS, "keys");
    }

    private void printTypes(List<TypeShare> types) {
        page.heading("Types");
        int longest = Math.clamp(page.width() - 60L, 10, LONGEST_BAR);
        for (TypeShare type : types) {
            page.line("  " + Cells.left(type.type(), 8)
                    + page.look(Page.Look.CYAN, Cells.left(bar(type.share() * longest), longest + 1))
                    + String.format(Locale.ROOT, "%5.1f %%", 100 * type.share())
                    + Cells.right(MemoryUse.text(type.bytes()), 12)
                    + Cells.right(Cells.count(type.parameters()), 10)
                    + Cells.right(type.tensors() + " tensors", 14));
        }
    }

    /** A bar that is exact to an eighth of a column. */
    private static String bar(double columns) {
        int eighths = (int) Math.max(1, Math.round(8 * columns));
        return "█".repeat(eighths / 8) + (eighths % 8 == 0 ? "" : EIGHTHS.charAt(eighths % 8));
    }

    private void printTokenizer(Description file) {
        page.heading("Tokenizer");
        if (file.tokenizer().isEmpty()) {
            page.row("none", "token ids only, no text");
            return;
        }
        TokenizerSummary known = file.tokenizer().get();
        String model = known.model().equals("gpt2") ? "gpt2 (byte-level BPE)" : known.model();
        page.row(
                "kind",
                shortened(model)
                        + known.pre()
                                .map(pre -> ", pre-tokenizer " + shortened(pre))
                                .orElse(""));
        page.row("vocabulary", String.format(Locale.ROOT, "%,d tokens, %,d merges", known.tokens(), known.merges()));
        if (!known.kinds().isEmpty()) {
            page.row("", kinds(known.kinds()));
        }
        List<Map.Entry<String, TokenizerSummary.Token>> special =
                List.copyOf(known.special().entrySet());
        for (Map.Entry<String, TokenizerSummary.Token> token : page.some(special, MOST_LINES)) {
            page.row(shortened(token.getKey()) + " id", shown(token.getValue()));
        }
        page.rest("  ", special, MOST_LINES, "ids");
        if (!known.endOfGeneration().isEmpty()) {
            page.row(
                    "ends a reply",
                    page.some(known.endOfGeneration(), MOST_LINES).stream()
                            .map(TerminalView::shown)
                            .collect(Collectors.joining(", ")));
        }
        known.padding()
                .ifPresent(padding -> page.row(
                        "padding",
                        String.format(
                                Locale.ROOT,
                                "%,d ids from %d to %d, never generated",
                                padding.count(),
                                padding.first(),
                                padding.last())));
    }

    private static String kinds(Map<String, Integer> kinds) {
        return kinds.entrySet().stream()
                .map(kind -> String.format(
                        Locale.ROOT, "%,d %s", kind.getValue(), kind.getKey().replace('_', '-')))
                .collect(Collectors.joining(", "));
    }

    private static String shown(TokenizerSummary.Token token) {
        return token.id() + " " + shortened(token.text());
    }

    private static String shortened(String text) {
        return Values.oneLine(text, 60);
    }

    private void printTemplates(List<TemplateSummary> templates) {
        page.heading("Chat templates");
        if (templates.isEmpty()) {
            page.row("none", "raw prompts only, or a template of your own");
        }
        for (TemplateSummary template : page.some(templates, MOST_LINES)) {
            String name = shortened(template.name());
            if (template.problem().isPresent()) {
                page.row(name, "refused, see below", Page.Look.YELLOW);
                continue;
            }
            page.row(
                    name,
                    String.format(
                            Locale.ROOT,
                            "%,d characters, %,d %s, SHA-256 %s…",
                            template.characters(),
                            template.lines(),
                            template.lines() == 1 ? "line" : "lines",
                            template.sha256().substring(0, 12)));
            page.row("", "reads " + Cells.printable(String.join(", ", template.variables())));
        }
        page.rest("  ", templates, MOST_LINES, "templates");
    }

    private void printSettings(Description file) {
        page.heading("Settings");
        file.rope().ifPresent(rope -> page.row("RoPE", Cells.printable(rope(rope))));
        page.row(
                "sampling",
                file.sampling().inForce().isEmpty()
                        ? "refused, see below"
                        : file.sampling().inForce().stream()
                                .map(TerminalView::shown)
                                .collect(Collectors.joining(", ")));
        if (!file.sampling().inForce().isEmpty()) {
            page.row(
                    "", file.sampling().file().isEmpty() ? "the engine's own: the file names none" : "* from the file");
        }
    }

    private static String rope(RopeSummary rope) {
        StringBuilder text = new StringBuilder();
        rope.dimensions().ifPresent(n -> text.append(n).append(" values of a head, "));
        rope.base()
                .ifPresent(
                        base -> text.append("base ").append(Values.number(base)).append(", "));
        if (!rope.sections().isEmpty()) {
            text.append("sections ")
                    .append(rope.sections().size() > 4 ? "?" : rope.sections())
                    .append(", ");
        }
        text.append(rope.scaling().map(type -> "scaling " + shortened(type)).orElse("no scaling"));
        rope.factor().ifPresent(factor -> text.append(" × ").append(Values.number(factor)));
        rope.originalContextLength()
                .ifPresent(n -> text.append(" of ").append(n).append(" tokens"));
        return text.toString();
    }

    private static String shown(Setting setting) {
        return setting.name().replace('_', '-') + "="
                + setting.value().toString().replaceAll("\\.0$", "") + (setting.fromFile() ? "*" : "");
    }
}
