package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** The operators {@code + - * / // % **}. Integers have 64 bits; overflow is an error. */
final class Arithmetic {
    private Arithmetic() {}

    static Object negate(Object operand, Budget budget) {
        return operand instanceof Double number ? (Object) (-number) : apply("-", 0L, operand, budget);
    }

    static Object apply(String operator, Object left, Object right, Budget budget) {
        if (Values.isNumber(left) && Values.isNumber(right)) {
            Number l = Values.number(left);
            Number r = Values.number(right);
            try {
                return l instanceof Double || r instanceof Double
                        ? (Object) floats(operator, l.doubleValue(), r.doubleValue())
                        : integers(operator, exact(l), exact(r));
            } catch (ArithmeticException e) {
                throw new JinjaException(e.getMessage() + ": " + Printer.str(left, budget) + " " + operator + " "
                        + Printer.str(right, budget));
            }
        }
        if (operator.equals("+")) {
            if (left instanceof String l && right instanceof String r) {
                budget.make((long) l.length() + r.length());
                return l + r;
            }
            if (left instanceof List<?> l
                    && right instanceof List<?> r
                    && (left instanceof Tuple) == (right instanceof Tuple)) {
                budget.makeElements((long) l.size() + r.size());
                List<Object> sum = new ArrayList<>(l);
                sum.addAll(r);
                return left instanceof Tuple ? new Tuple(sum) : sum;
            }
        }
        if (operator.equals("*")) {
            if ((left instanceof String || left instanceof List<?>) && isInteger(right)) {
                return repeat(left, Values.number(right).longValue(), budget);
            }
            if ((right instanceof String || right instanceof List<?>) && isInteger(left)) {
                return repeat(right, Values.number(left).longValue(), budget);
            }
        }
        if (left instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new JinjaException(
                "'" + operator + "' does not apply to " + Values.typeName(left) + " and " + Values.typeName(right));
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    private static long exact(Number number) {
        if (number instanceof Long value) {
            return value;
        }
        throw new ArithmeticException("an integer beyond 64 bits");
    }

    private static Object repeat(Object value, long times, Budget budget) {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        if (value instanceof String text) {
            budget.make((long) text.length() * count);
            return text.repeat(count);
        }
        List<?> list = (List<?>) value;
        budget.makeElements((long) list.size() * count);
        List<Object> repeated = new ArrayList<>();
        for (int i = 0; i < count && !list.isEmpty(); i++) {
            repeated.addAll(list);
        }
        return value instanceof Tuple ? new Tuple(repeated) : repeated;
    }

    private static Object integers(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "/" -> floats(operator, left, right);
            case "//" -> Math.floorDivExact(left, nonZero(right));
            case "%" -> Math.floorMod(left, nonZero(right));
            default -> right < 0 ? (Object) floats(operator, left, right) : power(left, right);
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new ArithmeticException("division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1 || base == -1) {
            return exponent == 0 ? 1 : exponent % 2 == 0 ? base * base : base;
        }
        if (exponent > 63) {
            throw new ArithmeticException("an integer beyond 64 bits");
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static double floats(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / nonZero(right);
            case "//" -> floorDivision(left, nonZero(right));
            case "%" -> floorModulo(left, nonZero(right));
            default -> power(left, right);
        };
    }

    private static double floorModulo(double left, double right) {
        double remainder = left % right;
        return remainder == 0
                ? Math.copySign(0.0, right)
                : (remainder < 0) != (right < 0) ? remainder + right : remainder;
    }

    /** By way of the remainder, as Python does it: the quotient may round up to the next integer. */
    private static double floorDivision(double left, double right) {
        double quotient = (left - floorModulo(left, right)) / right;
        return quotient == 0 ? Math.copySign(0.0, left / right) : Math.rint(quotient);
    }

    private static double power(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw new ArithmeticException("division by zero");
        }
        double power = Math.pow(base, exponent);
        if (Double.isNaN(power) && !Double.isNaN(base) && !Double.isNaN(exponent)) {
            throw new ArithmeticException("a complex number");
        }
        if (Double.isInfinite(power) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
            throw new ArithmeticException("a float out of range");
        }
        return power;
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) {
            throw new ArithmeticException("division by zero");
        }
        return divisor;
    }
}
