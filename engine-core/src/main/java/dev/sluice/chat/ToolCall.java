package dev.sluice.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A call that the model made.
 *
 * @param id what the result refers to; may be empty
 * @param name the function
 * @param arguments by name, in order; values as in JSON: null, booleans, numbers, strings, lists, maps. A JSON text is
 *     not accepted in place of the map: parse it first.
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {
    /** Copies the arguments; keeps their order. */
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments)); // Map.copyOf loses order, refuses null
    }
}
