package dev.sluice.chat.jinja;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Methods of strings. */
final class StringMethods {
    private StringMethods() {}

    /** The method of a string, null if there is none of this name. */
    static Callable find(String text, String name, Budget budget) {
        return switch (name) {
            case "startswith" -> arguments -> affix(name, arguments, text::startsWith);
            case "endswith" -> arguments -> affix(name, arguments, text::endsWith);
            case "strip" -> strip(text, name, true, true, budget);
            case "lstrip" -> strip(text, name, true, false, budget);
            case "rstrip" -> strip(text, name, false, true, budget);
            case "upper" -> converted(text, name, s -> s.toUpperCase(Locale.ROOT), budget);
            case "lower" -> converted(text, name, s -> s.toLowerCase(Locale.ROOT), budget);
            case "title" -> converted(text, name, Text::title, budget);
            case "capitalize" -> converted(text, name, Text::capitalize, budget);
            case "isdigit" -> every(text, name, Character::isDigit, budget);
            case "isalpha" -> every(text, name, Character::isLetter, budget);
            case "isalnum" -> every(text, name, Character::isLetterOrDigit, budget);
            case "isspace" -> every(text, name, Text::isSpace, budget);
            case "split" ->
                arguments -> {
                    Arguments.Bound bound = arguments.bind(name, 0, "sep", "maxsplit");
                    return Text.split(text, bound.text(0, null), bound.integer(1, -1), budget);
                };
            case "rsplit" ->
                arguments -> {
                    Arguments.Bound bound = arguments.bind(name, 0, "sep", "maxsplit");
                    return Text.splitFromRight(text, bound.text(0, null), bound.integer(1, -1), budget);
                };
            case "splitlines" ->
                arguments -> {
                    arguments.bind(name, 0);
                    return Text.lines(text, budget);
                };
            case "replace" ->
                arguments -> {
                    Arguments.Bound bound = arguments.bind(name, 2, "old", "new", "count");
                    return Text.replace(text, required(bound, 0), required(bound, 1), bound.integer(2, -1), budget);
                };
            case "find" -> arguments -> index(text, false, arguments.bind(name, 1, "sub"), budget);
            case "rfind" -> arguments -> index(text, true, arguments.bind(name, 1, "sub"), budget);
            case "index" -> arguments -> found(index(text, false, arguments.bind(name, 1, "sub"), budget));
            case "rindex" -> arguments -> found(index(text, true, arguments.bind(name, 1, "sub"), budget));
            case "count" ->
                arguments -> {
                    String needle = required(arguments.bind(name, 1, "sub"), 0);
                    return needle.isEmpty()
                            ? Values.length(text, budget) + 1
                            : Text.split(text, needle, -1, budget).size() - 1L;
                };
            case "join" ->
                arguments -> {
                    List<Object> parts =
                            Values.iterate(arguments.bind(name, 1, "iterable").get(0, null), budget);
                    for (Object part : parts) {
                        if (!(part instanceof String)) {
                            throw new JinjaException("join: expected strings, found " + Values.typeName(part));
                        }
                    }
                    return join(parts, text, budget);
                };
            case "removeprefix" ->
                arguments -> {
                    String prefix = required(arguments.bind(name, 1, "prefix"), 0);
                    budget.make(text.length());
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                arguments -> {
                    String suffix = required(arguments.bind(name, 1, "suffix"), 0);
                    budget.make(text.length());
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            default -> null;
        };
    }

    /** The elements as text, with the separator between them. */
    static String join(List<Object> parts, String separator, Budget budget) {
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Object part : parts) {
            String text = Printer.str(part, budget);
            budget.make(1L + text.length() + separator.length());
            joined.append(first ? "" : separator).append(text);
            first = false;
        }
        return joined.toString();
    }

    private static String required(Arguments.Bound bound, int index) {
        String text = bound.text(index, null);
        if (text == null) {
            throw new JinjaException(bound.callee() + ": " + bound.parameters()[index] + " must be a string, is None");
        }
        return text;
    }

    private static boolean affix(String name, Arguments arguments, Predicate<String> test) {
        Arguments.Bound bound = arguments.bind(name, 1, "prefix");
        if (bound.get(0, null) instanceof Tuple several) {
            return several.stream().anyMatch(one -> one instanceof String text && test.test(text));
        }
        return test.test(required(bound, 0));
    }

    private static Callable strip(String text, String name, boolean left, boolean right, Budget budget) {
        return arguments -> Text.strip(text, arguments.bind(name, 0, "chars").text(0, null), left, right, budget);
    }

    private static Callable converted(String text, String name, UnaryOperator<String> conversion, Budget budget) {
        return arguments -> {
            arguments.bind(name, 0);
            budget.make(text.length());
            return conversion.apply(text);
        };
    }

    private static Callable every(String text, String name, IntPredicate property, Budget budget) {
        return arguments -> {
            arguments.bind(name, 0);
            budget.spend(text.length());
            return !text.isEmpty() && text.codePoints().allMatch(property);
        };
    }

    private static long found(long index) {
        if (index < 0) {
            throw new JinjaException("index: the string has no such part");
        }
        return index;
    }

    private static long index(String text, boolean last, Arguments.Bound bound, Budget budget) {
        String needle = required(bound, 0);
        budget.spendSearch(text, needle);
        int found = last ? text.lastIndexOf(needle) : text.indexOf(needle);
        return found < 0 ? -1 : text.codePointCount(0, found);
    }
}
