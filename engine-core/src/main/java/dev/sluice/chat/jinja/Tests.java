package dev.sluice.chat.jinja;

import java.util.Map;

/** {@code value is name(arguments)}. */
final class Tests {
    private Tests() {}

    static boolean test(String name, Object value, Arguments arguments, Budget budget) {
        return switch (name) {
            case "==", "eq", "equalto" -> compared("==", name, value, arguments, budget);
            case "!=", "ne" -> compared("!=", name, value, arguments, budget);
            case "<", "lt", "lessthan" -> compared("<", name, value, arguments, budget);
            case "<=", "le" -> compared("<=", name, value, arguments, budget);
            case ">", "gt", "greaterthan" -> compared(">", name, value, arguments, budget);
            case ">=", "ge" -> compared(">=", name, value, arguments, budget);
            case "in" -> compared("in", name, value, arguments, budget);
            case "sameas" -> {
                Object other = arguments.bind("test sameas", 1, "other").get(0, null);
                yield value == other || ((value instanceof Boolean || value instanceof String) && value.equals(other));
            }
            case "divisibleby" -> {
                Object by = arguments.bind("test divisibleby", 1, "num").get(0, null);
                yield isZero(Arithmetic.apply("%", value, by, budget));
            }
            default -> {
                arguments.bind("test " + name, 0);
                yield plain(name, value, budget);
            }
        };
    }

    private static boolean plain(String name, Object value, Budget budget) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "boolean" -> value instanceof Boolean;
            case "string" -> value instanceof String;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Number && !(value instanceof Double);
            case "float" -> value instanceof Double;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" -> Values.isIterable(value);
            case "sequence" -> Values.isSequence(value);
            case "callable" -> value instanceof Callable || value instanceof Undefined;
            case "even" -> isZero(Arithmetic.apply("%", value, 2L, budget));
            case "odd" -> Values.equal(Arithmetic.apply("%", value, 2L, budget), 1L, budget);
            case "lower" -> isCase(value, true, budget);
            case "upper" -> isCase(value, false, budget);
            default -> throw new JinjaException("the test '" + name + "' is not supported");
        };
    }

    private static boolean compared(String operator, String name, Object value, Arguments arguments, Budget budget) {
        return Values.compare(
                operator, value, arguments.bind("test " + name, 1, "other").get(0, null), budget);
    }

    private static boolean isZero(Object number) {
        return ((Number) number).doubleValue() == 0;
    }

    /** Python's {@code islower} and {@code isupper}: some letter has a case, and all that do have this one. */
    private static boolean isCase(Object value, boolean lower, Budget budget) {
        String text = Printer.str(value, budget);
        budget.spend(text.length());
        return text.codePoints().anyMatch(lower ? Character::isLowerCase : Character::isUpperCase)
                && text.codePoints()
                        .noneMatch(c -> Character.isTitleCase(c)
                                || (lower ? Character.isUpperCase(c) : Character.isLowerCase(c)));
    }
}
