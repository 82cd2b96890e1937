package dev.sluice.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/** The filters {@code int}, {@code float} and {@code round}. */
final class Numbers {
    private Numbers() {}

    static Object integer(Object value, Arguments.Bound bound) {
        if (bound.integer(1, 10) != 10) {
            throw new JinjaException("filter int: only base 10 is supported");
        }
        return switch (value) {
            case Boolean bool -> bool ? 1L : 0L;
            case Long number -> number;
            case BigInteger number -> number;
            case Double number -> truncated(number, bound);
            case String text -> {
                String digits = digits(text);
                if (isInteger(digits)) {
                    try {
                        yield Long.valueOf(digits);
                    } catch (NumberFormatException e) {
                        throw new JinjaException("filter int: " + digits + " does not fit 64 bits");
                    }
                }
                Double number = parse(digits);
                yield number == null ? bound.get(0, 0L) : truncated(number, bound);
            }
            case Undefined undefined -> throw undefined.error();
            case null -> bound.get(0, 0L);
            default -> bound.get(0, 0L);
        };
    }

    private static Object truncated(double number, Arguments.Bound bound) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return bound.get(0, 0L);
        }
        if (Math.abs(number) >= 0x1p63) {
            throw new JinjaException("filter int: " + Printer.number(number) + " does not fit 64 bits");
        }
        return (long) number;
    }

    static Object floating(Object value, Arguments.Bound bound) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        Double number = Values.isNumber(value)
                ? (Double) Values.number(value).doubleValue()
                : value instanceof String text ? parse(digits(text)) : null;
        return number == null ? bound.get(0, 0.0) : number;
    }

    /** Without the underscores that Python allows between digits, and the white space around. */
    private static String digits(String text) {
        String stripped = Text.strip(text, null, true, true, new Budget());
        boolean separated = stripped.indexOf('_') >= 0
                && !stripped.startsWith("_")
                && !stripped.endsWith("_")
                && !stripped.contains("__");
        return separated ? stripped.replace("_", "") : stripped;
    }

    private static boolean isInteger(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.length() > start && text.chars().skip(start).allMatch(c -> c >= '0' && c <= '9');
    }

    /** A decimal number, an infinity or nan; null if the text is none. Java alone would take "1f" and "0x1p3" too. */
    private static Double parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
        double sign = lower.startsWith("-") ? -1 : 1;
        switch (unsigned) {
            case "inf", "infinity" -> {
                return sign * Double.POSITIVE_INFINITY;
            }
            case "nan" -> {
                return Double.NaN;
            }
            default -> {
                if (unsigned.length() > 1000 || !unsigned.chars().allMatch(c -> "0123456789.e+-".indexOf(c) >= 0)) {
                    return null;
                }
                try {
                    return sign * Double.parseDouble(unsigned);
                } catch (NumberFormatException e) {
                    return null;
                }
            }
        }
    }

    static Object round(Object value, Arguments.Bound bound) {
        long precision = bound.integer(0, 0);
        if (precision < -400 || precision > 400) {
            throw new JinjaException("filter round: a precision of " + precision + " is out of range");
        }
        RoundingMode mode =
                switch (String.valueOf(bound.text(1, "common"))) {
                    case "common" -> RoundingMode.HALF_EVEN; // of the exact binary value, as in Python
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw new JinjaException("filter round: the method is common, ceil or floor");
                };
        if (value instanceof Double number) {
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                return number;
            }
            double rounded =
                    new BigDecimal(number).setScale((int) precision, mode).doubleValue();
            return rounded == 0 ? Math.copySign(0.0, number) : rounded;
        }
        if (precision >= 0) {
            return mode == RoundingMode.HALF_EVEN ? value : (Object) ((Number) value).doubleValue();
        }
        BigDecimal rounded = new BigDecimal(value.toString()).setScale((int) precision, mode);
        return mode == RoundingMode.HALF_EVEN ? (Object) rounded.longValue() : (Object) rounded.doubleValue();
    }
}
