package dev.sluice.chat.jinja;

import java.util.List;

/** The variable {@code loop} inside a loop. */
final class Loop {
    private final List<Object> elements;
    private int index;

    Loop(List<Object> elements) {
        this.elements = elements;
    }

    void moveTo(int newIndex) {
        index = newIndex;
    }

    Object member(String name) {
        int size = elements.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) size - index;
            case "revindex0" -> size - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> (long) size;
            // counts loops that recur, which there are none of
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> index > 0 ? elements.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index < size - 1 ? elements.get(index + 1) : new Undefined("there is no next item");
            case "cycle" ->
                (Callable) arguments -> {
                    List<Object> values = arguments.positional();
                    if (values.isEmpty()) {
                        throw new JinjaException("loop.cycle needs something to cycle through");
                    }
                    return values.get(index % values.size());
                };
            default -> new Undefined("'loop." + name + "'");
        };
    }
}
