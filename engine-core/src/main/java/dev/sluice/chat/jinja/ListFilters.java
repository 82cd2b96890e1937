package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters on lists, and on what can be iterated. */
final class ListFilters {
    private final Budget budget;
    private final Filters filters;

    ListFilters(Budget budget, Filters filters) {
        this.budget = budget;
        this.filters = filters;
    }

    Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "list" -> {
                Filters.bind(name, arguments);
                yield iterate(value);
            }
            case "first" -> {
                Filters.bind(name, arguments);
                if (value instanceof Generator generator) {
                    yield generator.next();
                }
                List<Object> all = iterate(value);
                yield all.isEmpty() ? new Undefined(Generator.NOTHING) : all.getFirst();
            }
            case "last" -> {
                Filters.bind(name, arguments);
                if (value instanceof Generator) {
                    throw new JinjaException("filter last: a generator has no known end" + Values.listHint(value));
                }
                List<Object> all = iterate(value);
                yield all.isEmpty() ? new Undefined("the last element of nothing") : all.getLast();
            }
            case "reverse" -> {
                Filters.bind(name, arguments);
                if (value instanceof String) {
                    yield Slices.slice(value, null, null, -1L, budget);
                }
                List<Object> reversed = iterate(value).reversed();
                yield value instanceof Generator ? new ArrayList<>(reversed) : new Generator(reversed.iterator());
            }
            case "join" -> {
                Arguments.Bound bound = Filters.bind(name, arguments, "d", "attribute");
                yield StringMethods.join(
                        keys(iterate(value), attribute(bound.get(1, null), null)),
                        Printer.str(bound.get(0, ""), budget),
                        budget);
            }
            case "sum" -> {
                Arguments.Bound bound = Filters.bind(name, arguments, "attribute", "start");
                Object sum = bound.get(1, 0L);
                for (Object element : keys(iterate(value), attribute(bound.get(0, null), null))) {
                    sum = Arithmetic.apply("+", sum, element, budget);
                }
                yield sum;
            }
            case "min", "max" -> extreme(name, value, arguments);
            case "sort" -> {
                Arguments.Bound bound = Filters.bind(name, arguments, "reverse", "case_sensitive", "attribute");
                UnaryOperator<Object> key = attribute(bound.get(2, null), null);
                yield sorted(iterate(value), key, bound.truth(1, false), bound.truth(0, false));
            }
            case "dictsort" -> dictsort(value, arguments);
            case "unique" -> {
                Arguments.Bound bound = Filters.bind(name, arguments, "case_sensitive", "attribute");
                UnaryOperator<Object> key = attribute(bound.get(1, null), null);
                Set<Object> seen = new HashSet<>();
                List<Object> unique = new ArrayList<>();
                for (Object element : iterate(value)) {
                    if (seen.add(identity(folded(key.apply(element), bound.truth(0, false))))) {
                        unique.add(element);
                    }
                }
                yield new Generator(unique.iterator());
            }
            case "map" -> map(value, arguments);
            case "select" -> choose(name, value, arguments, false, true);
            case "reject" -> choose(name, value, arguments, false, false);
            case "selectattr" -> choose(name, value, arguments, true, true);
            case "rejectattr" -> choose(name, value, arguments, true, false);
            default -> throw new JinjaException("the filter '" + name + "' is not supported");
        };
    }

    /** A list that belongs to the caller. */
    private List<Object> iterate(Object value) {
        List<Object> all = Values.iterate(value, budget);
        budget.makeElements(all.size());
        return new ArrayList<>(all);
    }

    /** What a path like {@code function.name} finds in an element; no path: the element itself. */
    private UnaryOperator<Object> attribute(Object path, Object otherwise) {
        if (path == null) {
            return UnaryOperator.identity();
        }
        List<Object> keys = new ArrayList<>();
        if (path instanceof String text) {
            for (Object part : Text.split(text, ".", -1, budget)) {
                boolean digits = !((String) part).isEmpty()
                        && ((String) part).length() < 10
                        && ((String) part).chars().allMatch(c -> c >= '0' && c <= '9');
                keys.add(digits ? (Object) Long.valueOf((String) part) : part);
            }
        } else {
            keys.add(Values.integer(path, "an attribute that is no string"));
        }
        return element -> {
            Object found = element;
            for (Object key : keys) {
                found = Members.item(found, key, budget);
                if (found instanceof Undefined && otherwise != null) {
                    found = otherwise;
                }
            }
            return found;
        };
    }

    private static List<Object> keys(List<Object> elements, UnaryOperator<Object> key) {
        elements.replaceAll(key);
        return elements;
    }

    private Object folded(Object key, boolean caseSensitive) {
        if (!caseSensitive && key instanceof String text) {
            budget.spend(text.length());
            return text.toLowerCase(Locale.ROOT);
        }
        return key;
    }

    /** Equal for what is equal: true is 1, and so is 1.0. */
    private static Object identity(Object value) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 0x1p63) {
            return number.longValue();
        }
        return Values.key(value instanceof Boolean ? Values.number(value) : value);
    }

    private int compare(Object left, Object right, boolean caseSensitive) {
        return Values.compare(folded(left, caseSensitive), folded(right, caseSensitive), budget);
    }

    private List<Object> sorted(
            List<Object> elements, UnaryOperator<Object> key, boolean caseSensitive, boolean reverse) {
        Comparator<Object> order = (left, right) -> compare(key.apply(left), key.apply(right), caseSensitive);
        elements.sort(reverse ? order.reversed() : order);
        return elements;
    }

    private Object extreme(String name, Object value, Arguments arguments) {
        Arguments.Bound bound = Filters.bind(name, arguments, "case_sensitive", "attribute");
        UnaryOperator<Object> key = attribute(bound.get(1, null), null);
        List<Object> elements = iterate(value);
        if (elements.isEmpty()) {
            return new Undefined("the " + name + " of nothing");
        }
        Object best = elements.getFirst();
        for (Object element : elements) {
            int order = compare(key.apply(element), key.apply(best), bound.truth(0, false));
            if (name.equals("min") ? order < 0 : order > 0) {
                best = element;
            }
        }
        return best;
    }

    private List<Object> dictsort(Object value, Arguments arguments) {
        Arguments.Bound bound = Filters.bind("dictsort", arguments, "case_sensitive", "by", "reverse");
        if (!(value instanceof Map<?, ?> map)) {
            throw Filters.notMapping("dictsort", value);
        }
        long index =
                switch (String.valueOf(bound.text(1, "key"))) {
                    case "key" -> 0;
                    case "value" -> 1;
                    default -> throw new JinjaException("filter dictsort: sorts by key or value");
                };
        return sorted(
                Members.items(map, budget),
                pair -> Members.item(pair, index, budget),
                bound.truth(0, false),
                bound.truth(2, false));
    }

    private Generator map(Object value, Arguments arguments) {
        Generator elements = Generator.over(value, budget);
        if (arguments.positional().isEmpty()) {
            Arguments.Bound bound = Filters.bind("map", arguments, "attribute", "default");
            if (!bound.has(0)) {
                throw new JinjaException("filter map needs an attribute or a filter");
            }
            UnaryOperator<Object> key = attribute(bound.get(0, null), bound.get(1, null));
            return elements.then(all -> all.map(key));
        }
        String filter = name("map", arguments, 0);
        Arguments rest = rest(arguments, 1);
        return elements.then(all -> all.map(element -> {
            budget.enter();
            Object mapped = filters.apply(filter, element, rest);
            budget.leave();
            return mapped;
        }));
    }

    private Generator choose(String name, Object value, Arguments arguments, boolean attributes, boolean wanted) {
        int from = attributes ? 1 : 0;
        if (arguments.positional().size() < from) {
            throw new JinjaException("filter " + name + " needs an attribute");
        }
        UnaryOperator<Object> key =
                attributes ? attribute(arguments.positional().getFirst(), null) : UnaryOperator.identity();
        Generator elements = Generator.over(value, budget);
        if (arguments.positional().size() == from) {
            return elements.then(all -> all.filter(element -> chosen(Values.truth(key.apply(element)), wanted)));
        }
        String test = name(name, arguments, from);
        Arguments rest = rest(arguments, from + 1);
        return elements.then(
                all -> all.filter(element -> chosen(Tests.test(test, key.apply(element), rest, budget), wanted)));
    }

    private boolean chosen(boolean found, boolean wanted) {
        budget.spend(1);
        return found == wanted;
    }

    private static String name(String filter, Arguments arguments, int index) {
        if (arguments.positional().get(index) instanceof String name) {
            return name;
        }
        throw new JinjaException("filter " + filter + ": expected the name of a filter or test");
    }

    private static Arguments rest(Arguments arguments, int from) {
        return new Arguments(
                arguments.positional().subList(from, arguments.positional().size()),
                new LinkedHashMap<>(arguments.named()));
    }
}
