package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** {@code value[start:stop:step]}. */
final class Slices {
    private Slices() {}

    /** The elements or, of a string, characters from start to stop by step, each None or an integer. */
    static Object slice(Object value, Object start, Object stop, Object step, Budget budget) {
        if (value instanceof String text) {
            budget.make(2L * text.length());
            int[] characters = text.codePoints().toArray();
            StringBuilder picked = new StringBuilder();
            indices(start, stop, step, characters.length).forEach(i -> picked.appendCodePoint(characters[i]));
            return picked.toString();
        }
        if (value instanceof List<?> list) {
            List<Object> picked = new ArrayList<>();
            indices(start, stop, step, list.size()).forEach(i -> {
                budget.makeElements(1);
                picked.add(list.get(i));
            });
            return value instanceof Tuple ? new Tuple(picked) : picked;
        }
        throw value instanceof Undefined undefined
                ? undefined.error()
                : new JinjaException(Values.typeName(value) + " cannot be sliced" + Values.listHint(value));
    }

    private static IntStream indices(Object start, Object stop, Object step, int size) {
        long given = step == null ? 1 : Values.integer(step, "the step of a slice");
        if (given == 0) {
            throw new JinjaException("the step of a slice is 0");
        }
        int by = Math.clamp(given, -size - 1, size + 1); // a longer step leads outside as well
        int first = bound(start, by > 0 ? 0 : size - 1, size, by);
        int last = bound(stop, by > 0 ? size : -1, size, by);
        return IntStream.iterate(first, i -> by > 0 ? i < last : i > last, i -> i + by);
    }

    private static int bound(Object bound, int otherwise, int size, int step) {
        if (Objects.isNull(bound)) {
            return otherwise;
        }
        long index = Values.integer(bound, "a bound of a slice");
        long fromStart = index < 0 ? index + size : index;
        return step > 0 ? Math.clamp(fromStart, 0, size) : Math.clamp(fromStart, -1, size - 1);
    }
}
