package dev.sluice.chat.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** The names that a template reads and sets, scope by scope as it is parsed: tells which it expects from outside. */
final class Names {
    private record Scope(Set<String> set, Set<String> free) {}

    private final Deque<Scope> scopes = new ArrayDeque<>();

    Names() {
        enter();
    }

    void enter() {
        scopes.push(new Scope(new HashSet<>(), new HashSet<>()));
    }

    /** Ends the innermost scope. The caller decides which of its free names the outer one reads too. */
    Set<String> leave() {
        return scopes.pop().free();
    }

    void set(String name) {
        scopes.element().set().add(name);
    }

    /** A name that was not set before is free. */
    void read(String name) {
        if (!scopes.element().set().contains(name)) {
            scopes.element().free().add(name);
        }
    }

    void readAll(Set<String> names) {
        names.forEach(this::read);
    }
}
