package dev.sluice.app.chat;

import java.io.PrintWriter;

/**
 * Where a reply goes. On a screen control characters are made visible.
 *
 * @param answers standard output, or the screen
 * @param remarks what is not an answer: reasoning and notices; the same screen, or standard error
 * @param screen whether the answers go to a terminal
 * @param colours whether escape sequences may be written
 */
public record Output(PrintWriter answers, PrintWriter remarks, boolean screen, boolean colours) {
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    /** Prints a part of an answer at once. */
    public void answer(String text) {
        print(answers, visible(text));
    }

    /** Prints a part of a remark at once, dimmed where it can be. */
    public void remark(String text) {
        print(remarks, colours ? DIM + visible(text) + PLAIN : visible(text));
    }

    private String visible(String text) {
        return screen ? VisibleText.of(text) : text;
    }

    private static void print(PrintWriter to, String text) {
        to.print(text);
        to.flush();
    }
}
