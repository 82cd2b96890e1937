package dev.sluice.app.inspect;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Values of metadata: what they are, as text, and whether two are the same. */
final class Values {
    private static final int FEW = 16;

    private Values() {}

    static boolean isArray(Object value) {
        return value instanceof List || value.getClass().isArray();
    }

    /** Whether a value has so many elements that it is not shown by default. */
    static boolean isLong(Object value) {
        return isArray(value) && length(value) > FEW;
    }

    /** Elements of an array. */
    static int length(Object array) {
        return array instanceof List<?> list ? list.size() : Array.getLength(array);
    }

    static Object element(Object array, int i) {
        return array instanceof List<?> list ? list.get(i) : Array.get(array, i);
    }

    /** "string", "int", "long", "float", "double" or "boolean". */
    static String elementType(Object array) {
        return array instanceof List
                ? "string"
                : array.getClass().getComponentType().getName();
    }

    /**
     * Index of the first element in which two arrays differ, the shorter one's length where it is the start of the other,
     * -1 where they are the same. Integers of different width are the same where their values are; so are floats.
     */
    static int mismatch(Object a, Object b) {
        int common = Math.min(length(a), length(b));
        for (int i = 0; i < common; i++) {
            if (!same(element(a, i), element(b, i))) {
                return i;
            }
        }
        return length(a) == length(b) ? -1 : common;
    }

    static boolean same(Object a, Object b) {
        if (isArray(a) && isArray(b)) {
            return mismatch(a, b) < 0;
        }
        if (a instanceof Number x && b instanceof Number y && isFloat(x) == isFloat(y)) {
            return isFloat(x)
                    ? Double.compare(x.doubleValue(), y.doubleValue()) == 0
                    : x.toString().equals(y.toString());
        }
        return Objects.equals(a, b);
    }

    private static boolean isFloat(Number number) {
        return number instanceof Float || number instanceof Double;
    }

    /** Of a text as UTF-8; of an array, its elements one after the other, each as text after its length in four bytes. */
    static String sha256(Object value) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        if (isArray(value)) {
            for (int i = 0; i < length(value); i++) {
                byte[] element = element(value, i).toString().getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(4).putInt(element.length).flip());
                digest.update(element);
            }
        } else {
            digest.update(value.toString().getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A value in one line of at most {@code width} columns; of what is cut, the length is told. */
    static String oneLine(Object value, int width) {
        return isArray(value) ? array(value, width) : scalar(value, width);
    }

    private static String scalar(Object value, int width) {
        String text = value instanceof Number number ? number(number) : value.toString();
        String note = String.format(Locale.ROOT, " (%,d characters)", text.length());
        // What is far too long is not made printable as a whole.
        String shown = Cells.printable(text.substring(0, Math.min(text.length(), 4 * width)));
        return shown.length() >= text.length() && Cells.width(shown) <= width
                ? shown
                : Cells.cut(shown + (shown.length() < text.length() ? "…" : ""), width - note.length()) + note;
    }

    private static String array(Object array, int width) {
        int length = length(array);
        String note = String.format(Locale.ROOT, ", …] (%,d %ss)", length, elementType(array));
        StringBuilder shown = new StringBuilder("[");
        for (int i = 0; i < length; i++) {
            Object element = element(array, i);
            String text = element instanceof String string
                    ? '"' + oneLine(string, Math.max(8, width / 2)).replace("\"", "\\\"") + '"'
                    : oneLine(element, width);
            int room = width - (i == length - 1 ? 1 : note.length()) - Cells.width(shown);
            if (i >= FEW || Cells.width(text) + 2 > room) {
                return shown.append(i == 0 ? note.substring(2) : note).toString();
            }
            shown.append(i == 0 ? "" : ", ").append(text);
        }
        return shown.append("]").toString();
    }

    /** As Java writes it, with an exponent as others write it: 1e-6 for 1.0E-6. */
    static String number(Number number) {
        return number.toString().replace(".0E", "e").replace('E', 'e');
    }
}
