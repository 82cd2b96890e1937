package dev.sluice.bench.speed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The forms that a report is written in, lines without a last line end. */
public enum ReportFormat {
    /** Tables for people. */
    MD {
        @Override
        public String write(SpeedReport report) {
            return MarkdownReport.write(report);
        }
    },

    /** A line of names, then one for each combination; lists are separated by semicolons. */
    CSV {
        @Override
        public String write(SpeedReport report) {
            List<Map<String, Object>> records = report.records();
            String names = String.join(",", records.getFirst().keySet());
            return records.stream()
                    .map(record ->
                            record.values().stream().map(ReportFormat::cell).collect(Collectors.joining(",")))
                    .collect(Collectors.joining("\n", names + "\n", ""));
        }
    },

    /** One object for one combination, an array of them for several. */
    JSON {
        @Override
        public String write(SpeedReport report) {
            List<Map<String, Object>> records = report.records();
            return json(records.size() == 1 ? records.getFirst() : records);
        }
    },

    /** One object a line. */
    JSONL {
        @Override
        public String write(SpeedReport report) {
            return report.records().stream().map(ReportFormat::json).collect(Collectors.joining("\n"));
        }
    };

    public abstract String write(SpeedReport report);

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of numbers and strings", e);
        }
    }

    private static String cell(Object value) {
        String text = value instanceof List<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(";"))
                : value == null ? "" : value.toString();
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
