package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code value | name(arguments)}. */
final class Filters {
    private final Budget budget;
    private final ListFilters lists;

    Filters(Budget budget) {
        this.budget = budget;
        this.lists = new ListFilters(budget, this);
    }

    Object apply(String name, Object value, Arguments arguments) {
        budget.spend(1);
        return switch (name) {
            case "default", "d" -> {
                Arguments.Bound bound = bind(name, arguments, "default_value", "boolean");
                boolean missing = value instanceof Undefined || (bound.truth(1, false) && !Values.truth(value));
                yield missing ? bound.get(0, "") : value;
            }
            case "tojson" -> Json.write(value, arguments, budget);
            case "string", "safe" -> {
                bind(name, arguments);
                yield Printer.str(value, budget);
            }
            case "trim" ->
                Text.strip(text(value), bind(name, arguments, "chars").text(0, null), true, true, budget);
            case "upper" -> simpleText(name, value, arguments).toUpperCase(Locale.ROOT);
            case "lower" -> simpleText(name, value, arguments).toLowerCase(Locale.ROOT);
            case "capitalize" -> Text.capitalize(simpleText(name, value, arguments));
            case "title" -> Text.titleFilter(simpleText(name, value, arguments));
            case "replace" -> replace(value, arguments);
            case "indent" -> indent(value, arguments);
            case "length", "count" -> {
                bind(name, arguments);
                yield Values.length(value, budget);
            }
            case "items" -> {
                bind(name, arguments);
                yield switch (value) {
                    case Map<?, ?> map ->
                        new Generator(Members.items(map, budget).iterator());
                    case Undefined ignored -> new Generator(Collections.emptyIterator());
                    case null -> throw notMapping(name, null);
                    default -> throw notMapping(name, value);
                };
            }
            case "int" -> Numbers.integer(value, bind(name, arguments, "default", "base"));
            case "float" -> Numbers.floating(value, bind(name, arguments, "default"));
            case "abs" -> {
                bind(name, arguments);
                Object number = number(name, value);
                boolean negative = Values.compare("<", number, 0L, budget);
                yield negative ? Arithmetic.negate(number, budget) : number;
            }
            case "round" -> Numbers.round(number(name, value), bind(name, arguments, "precision", "method"));
            default -> lists.apply(name, value, arguments);
        };
    }

    static Arguments.Bound bind(String name, Arguments arguments, String... parameters) {
        return arguments.bind("filter " + name, 0, parameters);
    }

    static JinjaException notMapping(String name, Object value) {
        return new JinjaException("filter " + name + ": expected a dictionary, got " + Values.typeName(value));
    }

    private Object number(String name, Object value) {
        if (Values.isNumber(value)) {
            return Values.number(value);
        }
        throw new JinjaException("filter " + name + ": expected a number, got " + Values.typeName(value));
    }

    private String text(Object value) {
        String text = Printer.str(value, budget);
        budget.make(text.length()); // what the filter makes of it
        return text;
    }

    private String simpleText(String name, Object value, Arguments arguments) {
        bind(name, arguments);
        return text(value);
    }

    private String replace(Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("filter replace", 2, "old", "new", "count");
        long count = bound.get(2, null) == null ? -1 : bound.integer(2, -1);
        return Text.replace(text(value), text(bound.get(0, "")), text(bound.get(1, "")), count, budget);
    }

    private String indent(Object value, Arguments arguments) {
        Arguments.Bound bound = bind("indent", arguments, "width", "first", "blank");
        String indent = bound.get(0, 4L) instanceof String given
                ? given
                : (String) Arithmetic.apply("*", " ", bound.integer(0, 4), budget);
        if (!(value instanceof String text)) {
            throw new JinjaException("filter indent: expected a string, got " + Values.typeName(value));
        }
        StringBuilder result = new StringBuilder();
        List<Object> lines = new ArrayList<>(Text.lines(text + "\n", budget));
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            budget.make(1L + indent.length() + line.length());
            boolean indented = i == 0 ? bound.truth(1, false) : bound.truth(2, false) || !line.isEmpty();
            result.append(i == 0 ? "" : "\n").append(indented ? indent : "").append(line);
        }
        return result.toString();
    }
}
