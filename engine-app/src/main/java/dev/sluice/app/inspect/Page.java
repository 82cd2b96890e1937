package dev.sluice.app.inspect;

import java.io.PrintWriter;
import java.util.List;

/**
 * Where a view is written.
 *
 * @param width columns of the terminal
 * @param colours whether escape sequences may be written
 * @param all whether long lists are shown whole
 */
public record Page(PrintWriter out, int width, boolean colours, boolean all) {
    /** Columns before the values of {@link #row}. */
    private static final int LABEL = 18;

    private static final int MOST_CHARACTERS = 2000;

    /** Escape sequences for a look. */
    enum Look {
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        CYAN("36");

        private final String code;

        Look(String code) {
            this.code = code;
        }
    }

    String look(Look look, String text) {
        return colours && !text.isBlank() ? "\u001b[" + look.code + "m" + text + "\u001b[0m" : text;
    }

    void line(String text) {
        out.println(text.stripTrailing());
    }

    void heading(String text) {
        out.println();
        line(look(Look.BOLD, text));
    }

    /** A label, and a text that may take several lines. */
    void row(String label, String text) {
        row(label, text, null);
    }

    void row(String label, String text, Look look) {
        String first = look(Look.DIM, Cells.left("  " + label, LABEL));
        String bounded = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "…" : text;
        for (String part : Cells.wrap(bounded, width - LABEL)) {
            line(first + (look == null ? part : look(look, part)));
            first = " ".repeat(LABEL);
        }
    }

    /** Columns that a value of {@link #row} has. */
    int room() {
        return width - LABEL;
    }

    /** The first of a list, or all of it where that was asked for; a line says how many are left out. */
    <T> List<T> some(List<T> list, int most) {
        return all || list.size() <= most ? list : list.subList(0, most);
    }

    /** Says how many of a list {@link #some} leaves out, if any. */
    void rest(String indent, List<?> list, int most, String what) {
        if (!all && list.size() > most) {
            line(look(Look.DIM, indent + "… " + (list.size() - most) + " more " + what + ", see --all"));
        }
    }
}
