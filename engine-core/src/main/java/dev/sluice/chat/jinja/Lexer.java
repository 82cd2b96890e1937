package dev.sluice.chat.jinja;

import dev.sluice.chat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens, with the white space rules of {@code trim_blocks} and {@code lstrip_blocks}: the newline
 * after a block or comment goes, and so does the indentation before one that stands first on its line.
 */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    /** Whether the last tag swallowed everything up to the start of a line. */
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    /** Line ends become {@code \n}, and the last one of the template goes. Offsets refer to this text. */
    static String normalize(String source) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** The tokens of a normalized template; the last one is of kind END. */
    static List<Token> tokenize(String source) {
        Lexer lexer = new Lexer(source);
        try {
            lexer.run();
        } catch (JinjaException e) {
            throw e.at(source, lexer.position);
        }
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int tag = findTag(position);
            if (tag < 0) {
                add(Kind.DATA, source.substring(position), position);
                position = source.length();
                break;
            }
            char type = source.charAt(tag + 1);
            addData(tag, type != '{');
            int body = tag + 2 + (isSign(tag + 2) ? 1 : 0);
            position = tag;
            switch (type) {
                case '#' -> comment(body);
                case '{' -> {
                    add(Kind.VARIABLE_BEGIN, "{{", tag);
                    position = body;
                    code(Kind.VARIABLE_END, "}}");
                }
                default -> {
                    int raw = rawTag(tag, "raw");
                    if (raw >= 0) {
                        raw(raw);
                    } else {
                        add(Kind.BLOCK_BEGIN, "{%", tag);
                        position = body;
                        code(Kind.BLOCK_END, "%}");
                    }
                }
            }
        }
        add(Kind.END, "", source.length());
    }

    private int findTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private boolean isSign(int at) {
        return at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+');
    }

    /** The text from {@link #position} up to a tag, less the white space that the tag takes away. */
    private void addData(int tag, boolean stripsIndentation) {
        int end = tag;
        char sign = isSign(tag + 2) ? source.charAt(tag + 2) : ' ';
        if (sign == '-') {
            while (end > position && Text.isSpace(source.charAt(end - 1))) {
                end--;
            }
        } else if (sign == ' ' && stripsIndentation) {
            int start = tag;
            while (start > position && source.charAt(start - 1) != '\n') {
                start--;
            }
            if ((start > position || lineStarting) && skipSpace(start) >= tag) {
                end = start;
            }
        }
        if (end > position) {
            add(Kind.DATA, source.substring(position, end), position);
        }
        lineStarting = false;
    }

    private int skipSpace(int at) {
        int i = at;
        while (i < source.length() && Text.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void comment(int body) {
        int end = source.indexOf("#}", body);
        if (end < 0) {
            throw new JinjaException("a comment is not closed: '#}' is missing");
        }
        char sign = end > body && isSign(end - 1) ? source.charAt(end - 1) : ' ';
        endTag(end + 2, sign, true);
    }

    /** Goes on after an end tag, past the white space that it takes away. */
    private void endTag(int after, char sign, boolean trimsNewline) {
        position = after;
        if (sign == '-') {
            position = skipSpace(after);
        } else if (sign == ' ' && trimsNewline && source.startsWith("\n", after)) {
            position++;
        }
        lineStarting = source.charAt(position - 1) == '\n';
    }

    /** Where the name of a {@code {% raw %}} or {@code {% endraw %}} tag at this place ends, its end tag following; else -1. */
    private int rawTag(int tag, String name) {
        int at = skipSpace(tag + 2 + (isSign(tag + 2) ? 1 : 0));
        if (!source.startsWith(name, at)) {
            return -1;
        }
        int end = skipSpace(at + name.length());
        return source.startsWith("%}", end) || (isSign(end) && source.startsWith("%}", end + 1)) ? end : -1;
    }

    private void raw(int end) {
        endRaw(end, false);
        int start = position;
        for (int tag = source.indexOf("{%", start); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            int endRaw = rawTag(tag, "endraw");
            if (endRaw >= 0) {
                addData(tag, true);
                endRaw(endRaw, true);
                return;
            }
        }
        throw new JinjaException("a raw block is not closed: '{% endraw %}' is missing");
    }

    private void endRaw(int end, boolean trimsNewline) {
        boolean signed = isSign(end);
        endTag(end + (signed ? 3 : 2), signed ? source.charAt(end) : ' ', trimsNewline);
    }

    /** The inside of a tag, up to and with its end. */
    private void code(Kind endKind, String endTag) {
        int start = position;
        Deque<Character> open = new ArrayDeque<>();
        while (position < source.length()) {
            char c = source.charAt(position);
            if (Text.isSpace(c)) {
                position++;
                continue;
            }
            if (open.isEmpty()) {
                boolean signed = c == '-' || (c == '+' && endKind == Kind.BLOCK_END);
                if (source.startsWith(endTag, signed ? position + 1 : position)) {
                    add(endKind, endTag, position);
                    endTag(position + (signed ? 3 : 2), signed ? c : ' ', endKind == Kind.BLOCK_END);
                    return;
                }
            }
            if (c == '\'' || c == '"') {
                string(c);
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (Character.isLetter(c) || c == '_') {
                int end = position;
                while (end < source.length() && isNamePart(source.charAt(end))) {
                    end++;
                }
                add(Kind.NAME, source.substring(position, end), position);
                position = end;
            } else {
                operator(c, open);
            }
        }
        position = start;
        throw new JinjaException("a tag is not closed: '" + endTag + "' is missing");
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private void operator(char c, Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                switch (c) {
                    case '(' -> open.push(')');
                    case '[' -> open.push(']');
                    case '{' -> open.push('}');
                    case ')', ']', '}' -> {
                        if (open.isEmpty() || open.pop() != c) {
                            throw new JinjaException("'" + c + "' closes nothing");
                        }
                    }
                    default -> {}
                }
                add(Kind.OPERATOR, operator, position);
                position += operator.length();
                return;
            }
        }
        throw new JinjaException("unexpected character '" + Character.toString(source.codePointAt(position)) + "'");
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new JinjaException("a string is not closed");
        }
        add(Kind.STRING, Text.unescape(source.substring(position + 1, end)), position);
        position = end + 1;
    }

    private void number() {
        boolean member = position > 0 && source.charAt(position - 1) == '.'; // x.0.1 are two members, not a float
        int end = digits(position);
        Kind kind = Kind.INTEGER;
        if (!member) {
            int fraction = end < source.length() && source.charAt(end) == '.' ? digits(end + 1) : end;
            if (fraction > end + 1) {
                end = fraction;
                kind = Kind.FLOAT;
            }
            if (end < source.length() && (source.charAt(end) | 0x20) == 'e') {
                int from = isSign(end + 1) ? end + 2 : end + 1;
                int exponent = digits(from);
                if (exponent > from) {
                    end = exponent;
                    kind = Kind.FLOAT;
                }
            }
        }
        add(kind, source.substring(position, end).replace("_", ""), position);
        position = end;
    }

    private int digits(int from) {
        int i = from;
        while (i < source.length()
                && (isDigit(i) || (i > from && source.charAt(i) == '_' && i + 1 < source.length() && isDigit(i + 1)))) {
            i++;
        }
        return i;
    }

    private boolean isDigit(int at) {
        return source.charAt(at) >= '0' && source.charAt(at) <= '9';
    }

    private void add(Kind kind, String text, int at) {
        tokens.add(new Token(kind, text, at));
    }
}
