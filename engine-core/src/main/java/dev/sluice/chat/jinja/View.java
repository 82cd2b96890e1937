package dev.sluice.chat.jinja;

import java.util.List;

/**
 * A range, or the keys, values or items of a dictionary: has a length and can be iterated again and again, and is no list.
 *
 * @param name for messages
 * @param indexed whether it has elements by number, as ranges have
 */
record View(String name, List<Object> elements, boolean indexed) {}
