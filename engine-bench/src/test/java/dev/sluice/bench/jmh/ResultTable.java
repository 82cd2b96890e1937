package dev.sluice.bench.jmh;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A report as a Markdown table: a row for each verb and type, a column for each shape and number of rows. */
final class ResultTable {
    private ResultTable() {}

    private record Kernel(String verb, String type) {}

    private record Column(String shape, int rows) {}

    static String of(Report report) {
        Set<Kernel> kernels = new LinkedHashSet<>();
        Set<Column> columns = new LinkedHashSet<>();
        for (String shape : List.of("0.8B", "9B", "35B-A3B")) {
            for (int rows : new int[] {1, 4, 256}) {
                Column column = new Column(shape, rows);
                if (rows != 4
                        || report.results().stream().anyMatch(r -> column.equals(new Column(r.shape(), r.rows())))) {
                    columns.add(column);
                }
            }
        }
        report.results().forEach(r -> kernels.add(new Kernel(r.verb(), r.type())));
        StringBuilder text = new StringBuilder(report.origin()).append("\n\n");
        List<String> head = new ArrayList<>(List.of("verb", "type"));
        columns.forEach(c -> head.add(c.shape() + ", " + Text.count(c.rows(), "row")));
        row(text, head);
        row(text, head.stream().map(h -> head.indexOf(h) < 2 ? "---" : "---:").toList());
        for (Kernel kernel : kernels) {
            List<String> cells = new ArrayList<>(List.of("`" + kernel.verb() + "`", kernel.type()));
            for (Column column : columns) {
                cells.add(report.results().stream()
                        .filter(r -> kernel.equals(new Kernel(r.verb(), r.type()))
                                && column.equals(new Column(r.shape(), r.rows())))
                        .map(r -> r.text(report.limits()))
                        .findFirst()
                        .orElse(""));
            }
            row(text, cells);
        }
        return text.toString();
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
