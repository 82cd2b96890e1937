package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Python's ways with strings. Characters are code points. */
final class Text {
    /** What ends a line, for {@code splitlines}. */
    private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

    private Text() {}

    /** Python's {@code str.isspace}, which knows more than Java. */
    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 0x1c && c <= 0x20)
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /** Python's {@code strip}; {@code characters} null means white space. */
    static String strip(String text, String characters, boolean left, boolean right, Budget budget) {
        budget.spend(text.length());
        IntPredicate stripped =
                characters == null ? Text::isSpace : c -> characters.indexOf(c) >= 0; // sets are a few characters
        if (characters != null) {
            budget.spend((long) text.length() * characters.length() / 16);
        }
        int start = 0;
        int end = text.length();
        while (left && start < end && stripped.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && start < end && stripped.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        budget.make(end - start);
        return text.substring(start, end);
    }

    /** Order of code points, which is not that of UTF-16 units. */
    static int compare(String left, String right) {
        int i = 0;
        while (i < left.length() && i < right.length() && left.charAt(i) == right.charAt(i)) {
            i++;
        }
        if (i == left.length() || i == right.length()) {
            return Integer.compare(left.length(), right.length());
        }
        char l = left.charAt(i);
        char r = right.charAt(i);
        return Character.isSurrogate(l) != Character.isSurrogate(r)
                ? (Character.isSurrogate(l) ? 1 : -1)
                : Character.compare(l, r);
    }

    /** Python's {@code split}; a null separator means runs of white space, a negative limit none. */
    static List<Object> split(String text, String separator, long limit, Budget budget) {
        List<Object> parts = new ArrayList<>();
        budget.spend(text.length());
        if (separator == null) {
            int at = skip(text, 0, true);
            while (at < text.length()) {
                int end = limit >= 0 && parts.size() >= limit ? text.length() : skip(text, at, false);
                budget.makeStrings(1);
                budget.make(end - at);
                parts.add(text.substring(at, end));
                at = skip(text, end, true);
            }
            return parts;
        }
        if (separator.isEmpty()) {
            throw new JinjaException("split: the separator is empty");
        }
        budget.spendSearch(text, separator);
        budget.make(text.length());
        int at = 0;
        for (int found = text.indexOf(separator);
                found >= 0 && (limit < 0 || parts.size() < limit);
                found = text.indexOf(separator, at)) {
            budget.makeStrings(1);
            parts.add(text.substring(at, found));
            at = found + separator.length();
        }
        parts.add(text.substring(at));
        return parts;
    }

    private static int skip(String text, int from, boolean space) {
        int i = from;
        while (i < text.length() && isSpace(text.charAt(i)) == space) {
            i++;
        }
        return i;
    }

    /** Python's {@code rsplit} with a separator. */
    static List<Object> splitFromRight(String text, String separator, long limit, Budget budget) {
        if (separator == null || separator.isEmpty()) {
            throw new JinjaException("rsplit needs a separator that is not empty");
        }
        budget.spendSearch(text, separator);
        budget.make(text.length());
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        while (limit < 0 || parts.size() < limit) {
            int found = text.lastIndexOf(separator, end - separator.length());
            if (found < 0 || end < separator.length()) {
                break;
            }
            budget.makeStrings(1);
            parts.add(text.substring(found + separator.length(), end));
            end = found;
        }
        parts.add(text.substring(0, end));
        return parts.reversed();
    }

    /** Python's {@code splitlines}: lines without their ends. */
    static List<Object> lines(String text, Budget budget) {
        budget.make(text.length());
        List<Object> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && LINE_ENDS.indexOf(text.charAt(end)) < 0) {
                end++;
            }
            budget.makeStrings(1);
            lines.add(text.substring(start, end));
            start = end + (text.startsWith("\r\n", end) ? 2 : 1);
        }
        return lines;
    }

    /** The first {@code limit} occurrences replaced, all if it is negative. */
    static String replace(String text, String old, String replacement, long limit, Budget budget) {
        budget.spendSearch(text, old);
        budget.make(text.length());
        StringBuilder result = new StringBuilder();
        int at = 0;
        for (long count = 0; limit < 0 || count < limit; count++) {
            int found = text.indexOf(old, old.isEmpty() && count > 0 ? text.offsetByCodePoints(at, 1) : at);
            if (found < 0) {
                break;
            }
            budget.make(1L + replacement.length());
            result.append(text, at, found).append(replacement);
            at = found + old.length();
            if (old.isEmpty() && at == text.length()) {
                break;
            }
        }
        return result.append(text, at, text.length()).toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        int rest = Character.charCount(first);
        return titleCase(text.substring(0, rest)) + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    /** Python's {@code str.title}: a word is a run of letters. */
    static String title(String text) {
        return words(text, Character::isLetter, true);
    }

    /** Jinja's filter {@code title}: words start after white space, hyphens and opening brackets. */
    static String titleFilter(String text) {
        return words(text, c -> !isSpace(c) && "-({[<".indexOf(c) < 0, false);
    }

    private static String words(String text, IntPredicate inWord, boolean titleCase) {
        StringBuilder result = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int start = at;
            boolean word = inWord.test(text.codePointAt(at));
            while (at < text.length() && inWord.test(text.codePointAt(at)) == word) {
                at += Character.charCount(text.codePointAt(at));
            }
            int rest = word ? start + Character.charCount(text.codePointAt(start)) : start;
            String first = text.substring(start, rest);
            result.append(titleCase ? titleCase(first) : first.toUpperCase(Locale.ROOT));
            result.append(word ? text.substring(rest, at).toLowerCase(Locale.ROOT) : text.substring(rest, at));
        }
        return result.toString();
    }

    private static String titleCase(String character) {
        if (character.isEmpty()) {
            return character;
        }
        int c = character.codePointAt(0);
        return Character.toTitleCase(c) == c
                        && character.toUpperCase(Locale.ROOT).length() > character.length()
                ? capitalizeExpanded(character.toUpperCase(Locale.ROOT))
                : Character.toString(Character.toTitleCase(c));
    }

    /** Of a letter whose upper case is several: the sharp s becomes Ss. */
    private static String capitalizeExpanded(String upper) {
        return upper.substring(0, 1) + upper.substring(1).toLowerCase(Locale.ROOT);
    }

    /** The value of a string literal's inside. */
    static String unescape(String inside) {
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        StringBuilder text = new StringBuilder(inside.length());
        int i = 0;
        while (i < inside.length()) {
            char c = inside.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = inside.charAt(i++);
            switch (escape) {
                case '\n' -> {} // the line goes on
                case '\\', '\'', '"' -> text.append(escape);
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'a' -> text.append((char) 7);
                case 'v' -> text.append((char) 11);
                case 'x', 'u', 'U' -> {
                    int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
                    text.appendCodePoint(hexadecimal(inside, i, digits));
                    i += digits;
                }
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int value = 0;
                    int end = Math.min(i + 2, inside.length());
                    for (i--; i < end && inside.charAt(i) >= '0' && inside.charAt(i) <= '7'; i++) {
                        value = value * 8 + inside.charAt(i) - '0';
                    }
                    text.append((char) value);
                }
                case 'N' -> throw new JinjaException("characters by name, '\\N{...}', are not supported");
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int hexadecimal(String text, int from, int digits) {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0 || text.charAt(i) > 'f') {
                throw new JinjaException("an escape in a string needs " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw new JinjaException("an escape in a string is beyond the last character of Unicode");
        }
        return (int) value;
    }
}
