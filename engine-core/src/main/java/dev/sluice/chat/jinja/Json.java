package dev.sluice.chat.jinja;

import java.util.List;
import java.util.Map;

/** JSON as Python's {@code json.dumps} writes it, keys in their order. */
final class Json {
    private final boolean ascii;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int level;

    private Json(Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("filter tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        ascii = bound.truth(0, false);
        indent = switch (bound.get(1, null)) {
            case null -> null;
            case String text -> text;
            case Object count -> (String) Arithmetic.apply("*", " ", Values.integer(count, "tojson: indent"), budget);
        };
        Object separators = bound.get(2, null);
        if (separators instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof String item
                && pair.get(1) instanceof String key) {
            itemSeparator = item;
            keySeparator = key;
        } else if (separators == null) {
            itemSeparator = indent == null ? ", " : ",";
            keySeparator = ": ";
        } else {
            throw new JinjaException("tojson: separators must be two strings");
        }
        sorted = bound.truth(3, false);
        this.budget = budget;
    }

    static String write(Object value, Arguments arguments, Budget budget) {
        Json json = new Json(arguments, budget);
        json.write(value);
        return json.out.toString();
    }

    private void write(Object value) {
        budget.enter();
        int before = out.length();
        switch (value) {
            case null -> out.append("null");
            case Boolean bool -> out.append(bool.booleanValue());
            case Double number -> out.append(number(number));
            case Number number -> out.append(number);
            case String text -> string(text);
            case List<?> list -> array(list);
            case Map<?, ?> map -> object(map);
            default -> throw new JinjaException(Values.typeName(value) + " cannot be written as JSON");
        }
        budget.make(out.length() - before);
        budget.leave();
    }

    private static String number(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printer.number(number);
    }

    private void array(List<?> list) {
        out.append('[');
        level++;
        String separator = "";
        for (Object element : list) {
            out.append(separator);
            newLine();
            write(element);
            separator = itemSeparator;
        }
        close(list.isEmpty(), ']');
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        level++;
        String separator = "";
        List<? extends Map.Entry<?, ?>> entries = List.copyOf(map.entrySet());
        if (sorted) {
            entries = entries.stream()
                    .sorted((left, right) -> Values.compare(left.getKey(), right.getKey(), budget))
                    .toList();
        }
        for (Map.Entry<?, ?> entry : entries) {
            out.append(separator);
            newLine();
            switch (entry.getKey()) {
                case null -> out.append("\"null\"");
                case String text -> string(text);
                case Double number -> out.append('"').append(number(number)).append('"');
                case Undefined ignored -> throw new JinjaException("an undefined key cannot be written as JSON");
                case Object other -> out.append('"').append(other).append('"');
            }
            out.append(keySeparator);
            write(entry.getValue());
            separator = itemSeparator;
        }
        close(map.isEmpty(), '}');
    }

    private void newLine() {
        if (indent != null) {
            budget.make((long) level * indent.length());
            out.append('\n').repeat(indent, level);
        }
    }

    private void close(boolean empty, char bracket) {
        level--;
        if (!empty) {
            newLine();
        }
        out.append(bracket);
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        String digits = Integer.toHexString(c);
                        out.append("\\u").repeat('0', 4 - digits.length()).append(digits);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
