package dev.sluice.chat.jinja;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class Printer {
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private Printer(Budget budget) {
        this.budget = budget;
    }

    static String str(Object value, Budget budget) {
        return switch (value) {
            case String text -> text;
            case Undefined ignored -> "";
            case null -> "None";
            default -> {
                Printer printer = new Printer(budget);
                printer.repr(value);
                yield printer.out.toString();
            }
        };
    }

    private void repr(Object value) {
        budget.enter();
        int before = out.length();
        switch (value) {
            case null -> out.append("None");
            case Undefined ignored -> out.append("Undefined");
            case Boolean bool -> out.append(bool ? "True" : "False");
            case Double number -> out.append(number(number));
            case Number number -> out.append(number);
            case String text -> quoted(text);
            case Tuple tuple -> elements('(', tuple, tuple.size() == 1 ? ",)" : ")");
            case List<?> list -> elements('[', list, "]");
            case Map<?, ?> map -> entries(map);
            case Namespace namespace -> {
                out.append("<Namespace ");
                entries(namespace.attributes);
                out.append('>');
            }
            default -> throw new JinjaException(Values.typeName(value) + " cannot be printed" + Values.listHint(value));
        }
        budget.make(out.length() - before);
        budget.leave();
    }

    private void elements(char open, List<?> list, String close) {
        out.append(open);
        String separator = "";
        for (Object element : list) {
            out.append(separator);
            repr(element);
            separator = ", ";
        }
        out.append(close);
    }

    private void entries(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            repr(entry.getKey());
            out.append(": ");
            repr(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
                        String digits = Integer.toHexString(c);
                        out.repeat('0', (c < 0x100 ? 2 : c < 0x10000 ? 4 : 8) - digits.length());
                        out.append(digits);
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }

    /** The shortest digits that give the number back, with an exponent below 1e-4 and from 1e16. */
    static String number(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        String sign = number < 0 || (number == 0 && 1 / number < 0) ? "-" : "";
        if (number == 0) {
            return sign + "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        if (exponent < -4 || exponent >= 16) {
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            String power = Integer.toString(Math.abs(exponent));
            return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (power.length() == 1 ? "0" : "") + power;
        }
        String plain = decimal.toPlainString();
        return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
    }
}
