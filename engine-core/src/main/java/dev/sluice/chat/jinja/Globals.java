package dev.sluice.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that every template finds. */
final class Globals {
    /** Jinja's sandbox has the same. */
    private static final int MAX_RANGE = 100_000;

    private Globals() {}

    static Map<String, Object> functions(Budget budget) {
        Map<String, Object> functions = new LinkedHashMap<>();
        functions.put("range", (Callable) arguments -> range(arguments, budget));
        functions.put("dict", (Callable) arguments -> dictionary("dict", arguments, budget));
        functions.put("namespace", (Callable) arguments -> {
            Namespace namespace = new Namespace();
            dictionary("namespace", arguments, budget)
                    .forEach((key, value) -> namespace.attributes.put(Printer.str(key, budget), value));
            return namespace;
        });
        functions.put("raise_exception", (Callable) arguments -> {
            throw new JinjaException(
                    Printer.str(arguments.bind("raise_exception", 1, "message").get(0, null), budget));
        });
        functions.put("strftime_now", (Callable)
                arguments -> time(arguments.bind("strftime_now", 1, "format").text(0, "")));
        return functions;
    }

    private static View range(Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("range", 1, "start", "stop", "step");
        long start = bound.has(1) ? bound.integer(0, 0) : 0;
        long stop = bound.integer(bound.has(1) ? 1 : 0, 0);
        long step = bound.integer(2, 1);
        if (step == 0) {
            throw new JinjaException("range: the step is 0");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() == MAX_RANGE) {
                throw new JinjaException("range: more than " + MAX_RANGE + " numbers");
            }
            budget.makeElements(1);
            numbers.add(i);
            if (step > 0 ? i > Long.MAX_VALUE - step : i < Long.MIN_VALUE - step) {
                break;
            }
        }
        return new View("a range", numbers, true);
    }

    private static Map<Object, Object> dictionary(String name, Arguments arguments, Budget budget) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw new JinjaException(name + " takes at most one positional argument");
        }
        for (Object argument : arguments.positional()) {
            if (argument instanceof Undefined undefined) {
                throw undefined.error();
            }
            List<Object> pairs = argument instanceof Map<?, ?> given
                    ? Members.items(given, budget)
                    : Values.iterate(argument, budget);
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> two) || two.size() != 2) {
                    throw new JinjaException(name + ": expected pairs of key and value");
                }
                budget.makeElements(1);
                map.put(Values.key(two.get(0)), two.get(1));
            }
        }
        budget.makeElements(arguments.named().size());
        map.putAll(arguments.named());
        return map;
    }

    /** The time in C's notation. */
    private static String time(String format) {
        LocalDateTime now = LocalDateTime.now();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            String pattern =
                    switch (format.charAt(++i)) {
                        case 'Y' -> "yyyy";
                        case 'y' -> "yy";
                        case 'm' -> "MM";
                        case 'd' -> "dd";
                        case 'B' -> "MMMM";
                        case 'b' -> "MMM";
                        case 'A' -> "EEEE";
                        case 'a' -> "EEE";
                        case 'H' -> "HH";
                        case 'I' -> "hh";
                        case 'M' -> "mm";
                        case 'S' -> "ss";
                        case 'p' -> "a";
                        case 'j' -> "DDD";
                        case '%' -> "'%'";
                        default ->
                            throw new JinjaException("strftime_now: '%" + format.charAt(i) + "' is not supported");
                    };
            text.append(now.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
        }
        return text.toString();
    }
}
