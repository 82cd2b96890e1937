package dev.sluice.app.chat;

/** Text that cannot steer a terminal. */
final class VisibleText {
    private static final char CONTROL_PICTURES = '\u2400';
    private static final char DELETE = '\u007f';
    private static final char PICTURE_OF_DELETE = '\u2421';
    private static final char REPLACEMENT = '\ufffd';

    private VisibleText() {}

    /** The text with control characters as their pictures (ESC as ␛), those above ASCII as U+FFFD; tabs and newlines stay. */
    static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            visible.append(visible(text.charAt(i)));
        }
        return visible.toString();
    }

    private static char visible(char c) {
        if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
            return c;
        }
        if (c < ' ') {
            return (char) (CONTROL_PICTURES + c);
        }
        return c == DELETE ? PICTURE_OF_DELETE : REPLACEMENT;
    }
}
