package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code value.name} and {@code value[key]}: methods, attributes, elements; missing ones are undefined. */
final class Members {
    private Members() {}

    /** A method or attribute, else the element of that name. */
    static Object attribute(Object target, String name, Budget budget) {
        Object own = own(target, name, budget);
        if (own instanceof Undefined && target instanceof Map<?, ?> map && map.containsKey(name)) {
            return map.get(name);
        }
        return own;
    }

    /** The element with that key, else the method or attribute of that name. */
    static Object item(Object target, Object key, Budget budget) {
        if (target instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (target instanceof Map<?, ?> map && !(key instanceof List<?> || key instanceof Map<?, ?>)) {
            Object simple = Values.key(key);
            if (map.containsKey(simple)) {
                return map.get(simple);
            }
        }
        if (target instanceof View view && view.indexed() && isInteger(key)) {
            return item(view.elements(), key, budget);
        }
        if (target instanceof List<?> list && isInteger(key)) {
            int index = index(key, list.size());
            return index >= 0 ? list.get(index) : missing(target, "element " + key);
        }
        if (target instanceof String text && isInteger(key)) {
            int index = index(key, (int) Values.length(text, budget));
            return index >= 0
                    ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, index)))
                    : missing(target, "character " + key);
        }
        return key instanceof String name ? own(target, name, budget) : missing(target, "such element");
    }

    private static boolean isInteger(Object key) {
        return key instanceof Long || key instanceof Boolean;
    }

    /** From 0, or -1 if out of range. */
    private static int index(Object key, int size) {
        long index = Values.number(key).longValue();
        long fromStart = index < 0 ? index + size : index;
        return fromStart >= 0 && fromStart < size ? (int) fromStart : -1;
    }

    private static Object own(Object target, String name, Budget budget) {
        if (target instanceof Loop loop) {
            return loop.member(name);
        }
        if (target instanceof Namespace namespace && namespace.attributes.containsKey(name)) {
            return namespace.attributes.get(name);
        }
        Callable method =
                switch (target) {
                    case Undefined undefined -> throw undefined.error();
                    case String text -> StringMethods.find(text, name, budget);
                    case Map<?, ?> map -> mapMethod(map, name, budget);
                    case List<?> list -> listMethod(list, name, budget);
                    case null -> null;
                    default -> null;
                };
        return method == null ? missing(target, "'" + name + "'") : method;
    }

    private static Undefined missing(Object target, String what) {
        return new Undefined(what + " of " + Values.typeName(target));
    }

    private static Callable mapMethod(Map<?, ?> map, String name, Budget budget) {
        return switch (name) {
            case "items" ->
                arguments -> {
                    arguments.bind("items", 0);
                    return new View("the items of a dictionary", items(map, budget), false);
                };
            case "keys" ->
                arguments -> {
                    arguments.bind("keys", 0);
                    return new View("the keys of a dictionary", Values.iterate(map, budget), false);
                };
            case "values" ->
                arguments -> {
                    arguments.bind("values", 0);
                    budget.makeElements(map.size());
                    return new View("the values of a dictionary", new ArrayList<>(map.values()), false);
                };
            case "get" ->
                arguments -> {
                    Arguments.Bound bound = arguments.bind("get", 1, "key", "default");
                    Object key = Values.key(bound.get(0, null));
                    return map.containsKey(key) ? map.get(key) : bound.get(1, null);
                };
            default -> null;
        };
    }

    /** Pairs of key and value. */
    static List<Object> items(Map<?, ?> map, Budget budget) {
        budget.makeElements(3L * map.size());
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    private static Callable listMethod(List<?> list, String name, Budget budget) {
        return switch (name) {
            case "count" ->
                arguments -> {
                    Object element = arguments.bind("count", 1, "value").get(0, null);
                    return list.stream()
                            .filter(other -> Values.equal(element, other, budget))
                            .count();
                };
            case "index" ->
                arguments -> {
                    Object element = arguments.bind("index", 1, "value").get(0, null);
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(element, list.get(i), budget)) {
                            return (long) i;
                        }
                    }
                    throw new JinjaException("index: the list has no such element");
                };
            default -> null;
        };
    }
}
