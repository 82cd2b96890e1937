package dev.sluice.tokenizer;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Unicode NFC in linear time. {@link Normalizer} inserts each combining mark at its place, which costs the square of the
 * length of a run of marks; so long runs are put into their order here before it sees them. The result is the same.
 */
final class Nfc {
    /** Longest run of marks, in UTF-16, that the JDK may order. */
    private static final int SHORT = 64;

    /** Marks of the lowest (1) and the highest (240) combining class. */
    private static final int LOWEST = 0x334;

    private static final int HIGHEST = 0x345;

    private Nfc() {}

    static String normalize(String text) {
        StringBuilder ordered = new StringBuilder();
        int from = 0;
        for (int at = 0; at < text.length(); ) {
            int end = marksEnd(text, at);
            if (end - at > SHORT) {
                ordered.append(text, from, at);
                order(text.substring(at, end), ordered);
                from = end;
            }
            at = Math.max(end, at + Character.charCount(text.codePointAt(at)));
        }
        String ready =
                from == 0 ? text : ordered.append(text, from, text.length()).toString();
        return Normalizer.normalize(ready, Normalizer.Form.NFC);
    }

    private static int marksEnd(String text, int at) {
        while (at < text.length() && isMark(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    /**
     * Appends marks, decomposed and in canonical order: sorted by combining class between any two marks of class 0, those
     * of one class in the order they came in.
     */
    private static void order(String marks, StringBuilder out) {
        Map<Integer, String> decompositions = new HashMap<>();
        StringBuilder apart = new StringBuilder();
        marks.codePoints().forEach(c -> apart.append(decompositions.computeIfAbsent(c, x -> decompose(text(x)))));
        TreeMap<Integer, StringBuilder> classes = new TreeMap<>(Nfc::compareClasses);
        // Where a mark goes: to those of its class, or out, if its class is 0.
        Map<Integer, StringBuilder> places = new HashMap<>();
        apart.codePoints().forEach(c -> {
            StringBuilder place = places.computeIfAbsent(
                    c, x -> isClassZero(x) ? out : classes.computeIfAbsent(x, y -> new StringBuilder()));
            if (place == out) {
                flush(classes, out);
            }
            place.appendCodePoint(c);
        });
        flush(classes, out);
    }

    private static void flush(TreeMap<Integer, StringBuilder> classes, StringBuilder out) {
        for (StringBuilder marks : classes.values()) {
            out.append(marks);
            marks.setLength(0);
        }
    }

    /** Of marks that are not of class 0. The JDK does not tell the class of a mark; it shows it by what it swaps. */
    private static int compareClasses(int a, int b) {
        return swaps(a, b) ? 1 : swaps(b, a) ? -1 : 0;
    }

    private static boolean isClassZero(int mark) {
        return !swaps(mark, LOWEST) && !swaps(HIGHEST, mark);
    }

    private static boolean swaps(int first, int second) {
        String both = text(first) + text(second);
        return !decompose(both).equals(both);
    }

    private static String decompose(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD);
    }

    private static String text(int c) {
        return Character.toString(c);
    }
}
