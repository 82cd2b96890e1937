package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What filters like {@code map} and {@code select} give: elements that are computed when asked for, and handed out once.
 * True even if nothing will come, because nobody knows.
 */
record Generator(Iterator<Object> rest) {
    static final String NOTHING = "the first element of nothing";

    /** One over the elements of a value, looked for when asked for; over none, whatever it is, if the value is false. */
    static Generator over(Object value, Budget budget) {
        if (value instanceof Generator generator) {
            return generator;
        }
        return new Generator(
                Values.truth(value)
                        ? Stream.of(value)
                                .<Object>flatMap(all -> Values.iterate(all, budget).stream())
                                .iterator()
                        : Collections.emptyIterator());
    }

    /** What a chain of lazy steps makes of the elements that are left. */
    Generator then(Function<Stream<Object>, Stream<Object>> steps) {
        return new Generator(steps.apply(StreamSupport.stream(Spliterators.spliteratorUnknownSize(rest, 0), false))
                .iterator());
    }

    /** The next element; undefined if there is none. */
    Object next() {
        return rest.hasNext() ? rest.next() : new Undefined(NOTHING);
    }

    /** All that is left, which is gone then. */
    List<Object> drain(Budget budget) {
        List<Object> elements = new ArrayList<>();
        while (rest.hasNext()) {
            budget.makeElements(1);
            elements.add(rest.next());
        }
        return elements;
    }
}
