package dev.sluice.app.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text in the columns of a terminal. */
final class Cells {
    private Cells() {}

    /**
     * Text from a file in one line, without what could steer a terminal or turn its direction: line breaks and tabs are
     * escaped, other controls are U+FFFD.
     */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.appendCodePoint(isSteering(c) ? 0xFFFD : c);
            }
        });
        return out.toString();
    }

    private static boolean isSteering(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** Columns that printable text takes. */
    static int width(CharSequence text) {
        return text.codePoints().map(Cells::width).sum();
    }

    /** 0 for marks that join the character before, 2 for the wide scripts of East Asia and pictures, else 1. */
    private static int width(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = c >= 0x1100 && c <= 0x115F
                || c >= 0x2E80 && c <= 0xA4CF
                || c >= 0xAC00 && c <= 0xD7A3
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE6F
                || c >= 0xFF00 && c <= 0xFF60
                || c >= 0xFFE0 && c <= 0xFFE6
                || c >= 0x1F300 && c <= 0x1F64F
                || c >= 0x1F680 && c <= 0x1F6FF
                || c >= 0x1F900 && c <= 0x1FAFF
                || c >= 0x20000 && c <= 0x3FFFD;
        return wide ? 2 : 1;
    }

    /** Text of at most {@code width} columns; what is cut off is replaced by an ellipsis. */
    static String cut(String text, int width) {
        if (text.length() <= width / 2 || width(text) <= width) {
            return text;
        }
        int columns = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (columns + width(c) > width - 1) {
                break;
            }
            columns += width(c);
            end += Character.charCount(c);
        }
        return width < 1 ? "" : text.substring(0, end) + "…";
    }

    /** Cut or filled up to exactly {@code width} columns. */
    static String left(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(Math.max(0, width - width(cut)));
    }

    /** As {@link #left}, the text at the end. */
    static String right(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(Math.max(0, width - width(cut))) + cut;
    }

    /** Lines of at most {@code width} columns, broken at spaces where there are any. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && width(line) + 1 + width(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** A number of parameters as people say it, for example "752.4 M". */
    static String count(long number) {
        String[] units = {"", " K", " M", " B", " T"};
        double value = number;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? Long.toString(number) : String.format(Locale.ROOT, "%.1f%s", value, units[unit]);
    }
}
