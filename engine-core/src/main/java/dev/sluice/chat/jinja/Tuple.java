package dev.sluice.chat.jinja;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/** A list that prints as a tuple and equals no list. */
final class Tuple extends AbstractList<Object> {
    private final List<Object> elements;

    Tuple(List<Object> elements) {
        this.elements = elements;
    }

    static Tuple of(Object first, Object second) {
        Object[] pair = {first, second};
        return new Tuple(Arrays.asList(pair));
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
