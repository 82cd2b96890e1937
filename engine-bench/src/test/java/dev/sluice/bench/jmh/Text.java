package dev.sluice.bench.jmh;

import java.util.Locale;

/** Text that is the same wherever it is made. */
final class Text {
    private Text() {}

    static String of(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String count(int number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }
}
