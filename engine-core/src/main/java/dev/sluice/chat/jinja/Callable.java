package dev.sluice.chat.jinja;

/** A function, a macro, or a method of a value. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments);
}
