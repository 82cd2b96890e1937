package dev.sluice.bench.speed;

import dev.sluice.MemoryUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A report for people: one line for each rate, then what was measured on what. */
final class MarkdownReport {
    private final SpeedReport report;
    private final List<String> lines = new ArrayList<>();

    private MarkdownReport(SpeedReport report) {
        this.report = report;
    }

    static String write(SpeedReport report) {
        return new MarkdownReport(report).text();
    }

    private String text() {
        List<String> head = new ArrayList<>(List.of("test", "tokens/s", "a token costs"));
        report.limits().ifPresent(l -> head.add("of the limit"));
        report.peer().ifPresent(p -> head.addAll(List.of("median", "other's median", "ratio")));
        row(head);
        row(head.stream().map(h -> h.equals("test") ? "---" : "---:").toList());
        for (Measurement m : report.measurements()) {
            rates(m);
        }
        lines.add("");
        origin();
        return String.join("\n", lines);
    }

    private void rates(Measurement m) {
        Combination c = m.combination();
        double flop = report.cost().flop() / 1e9;
        phase(
                m,
                "pp" + c.prompt() + at(c.prefillDepth()),
                Measurement.Pair::prefill,
                of("%.2f GFLOP", flop),
                l -> report.prefillShare(m, l));
        double bytes = report.decodeBytes(m) / 1e6;
        phase(
                m,
                "tg" + c.generated() + at(c.decodeDepth()),
                Measurement.Pair::decode,
                of("%.1f MB", bytes),
                l -> report.decodeShare(m, l));
    }

    private static String at(int depth) {
        return depth == 0 ? "" : " @ d" + depth;
    }

    private interface Phase {
        Samples of(Measurement.Pair pair);
    }

    private void phase(
            Measurement m, String test, Phase phase, String cost, ToDoubleFunction<SpeedReport.Limits> share) {
        Samples own = phase.of(m.own());
        if (own.isEmpty()) {
            return;
        }
        List<String> cells = new ArrayList<>();
        cells.add(test);
        cells.add(of("%.2f ± %.2f", own.mean(), own.stddev()) + (m.settled() ? "" : " (not warm)"));
        cells.add(cost);
        report.limits().ifPresent(l -> cells.add(of("%.1f %%", 100 * share.applyAsDouble(l))));
        m.peer().map(phase::of).ifPresent(other -> {
            Samples ratios = own.over(other);
            cells.add(of("%.2f", own.median()));
            cells.add(of("%.2f", other.median()));
            cells.add(of("%.2f (%.2f to %.2f)", ratios.median(), ratios.min(), ratios.max()));
        });
        row(cells);
    }

    private void origin() {
        ModelFile file = report.file();
        lines.add(of(
                "- file: %s, %s, %,d parameters, %s; %s",
                file.name(), MemoryUse.text(file.bytes()), file.parameters(), file.architecture(), file.types()));
        file.sha256().ifPresent(hash -> lines.add("- SHA-256: " + hash));
        Machine machine = report.machine();
        lines.add(of(
                "- machine: %s, %d threads, vectors of %d bits; %s, heap %s",
                machine.cpu(),
                report.threads(),
                machine.vectorBits(),
                machine.jvm(),
                MemoryUse.text(machine.heapBytes())));
        report.limits()
                .ifPresent(l -> lines.add(of(
                        "- limits, before / after: memory read %.1f / %.1f GB/s, F32 multiply-add %.1f / %.1f GFLOP/s",
                        l.before().memoryRead() / 1e9,
                        l.after().memoryRead() / 1e9,
                        l.before().fma() / 1e9,
                        l.after().fma() / 1e9)));
        report.peer().ifPresent(command -> lines.add("- in turn with: `" + command + "`"));
        lines.add(of(
                "- %d runs of each after warming up; keys and values %s",
                report.options().repetitions(), report.options().kvType()));
    }

    private void row(List<String> cells) {
        lines.add(cells.stream().collect(Collectors.joining(" | ", "| ", " |")));
    }

    private static String of(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
