package dev.sluice.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a function, filter or test is called with. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** These and more named ones, which win. */
    Arguments with(Map<String, Object> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, Object> all = new LinkedHashMap<>(named);
        all.putAll(more);
        return new Arguments(positional, all);
    }

    /** These without a named one. */
    Arguments without(String name) {
        Map<String, Object> rest = new LinkedHashMap<>(named);
        rest.remove(name);
        return new Arguments(positional, rest);
    }

    /** Stands for an argument that was not given; None is null. */
    private static final Object ABSENT = new Object();

    /**
     * Puts the arguments to their parameters.
     *
     * @param callee for messages
     * @param required how many of the parameters must be given
     */
    Bound bind(String callee, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new JinjaException(
                    callee + " takes at most " + parameters.length + " arguments, got " + positional.size());
        }
        Object[] values = new Object[parameters.length];
        int used = 0;
        for (int i = 0; i < values.length; i++) {
            boolean isNamed = named.containsKey(parameters[i]);
            if (i < positional.size()) {
                if (isNamed) {
                    throw new JinjaException(callee + " is given the argument " + parameters[i] + " twice");
                }
                values[i] = positional.get(i);
            } else if (isNamed) {
                values[i] = named.get(parameters[i]);
                used++;
            } else if (i < required) {
                throw new JinjaException(callee + " needs the argument " + parameters[i]);
            } else {
                values[i] = ABSENT;
            }
        }
        if (used < named.size()) {
            List<String> known = List.of(parameters);
            String unknown = named.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .findFirst()
                    .orElseThrow();
            throw new JinjaException(callee + " has no parameter " + unknown);
        }
        return new Bound(callee, parameters, values);
    }

    /** Arguments by the index of their parameter. */
    record Bound(String callee, String[] parameters, Object[] values) {
        boolean has(int index) {
            return values[index] != ABSENT;
        }

        Object get(int index, Object otherwise) {
            return has(index) ? values[index] : otherwise;
        }

        boolean truth(int index, boolean otherwise) {
            return has(index) ? Values.truth(values[index]) : otherwise;
        }

        String text(int index, String otherwise) {
            return switch (get(index, otherwise)) {
                case null -> null;
                case String text -> text;
                case Object other -> throw wrong(index, "a string", other);
            };
        }

        long integer(int index, long otherwise) {
            return switch (get(index, otherwise)) {
                case Long number -> number;
                case Boolean bool -> bool ? 1 : 0;
                case null -> throw wrong(index, "an integer", null);
                case Object other -> throw wrong(index, "an integer", other);
            };
        }

        private JinjaException wrong(int index, String wanted, Object value) {
            if (value instanceof Undefined undefined) {
                return undefined.error();
            }
            return new JinjaException(
                    callee + ": " + parameters[index] + " must be " + wanted + ", is " + Values.typeName(value));
        }
    }
}
