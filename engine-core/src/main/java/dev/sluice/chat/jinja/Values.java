package dev.sluice.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's ways with values: what is true, equal, less, how long, and what a loop runs over. */
final class Values {
    /** All undefined values are the same key. */
    private static final Undefined UNDEFINED_KEY = new Undefined("a key");

    private Values() {}

    /** A value from outside as this interpreter knows it; copied, so that its size is known and nobody changes it. */
    static Object normalize(Object value, Budget budget) {
        budget.enter();
        Object normalized =
                switch (value) {
                    case null -> null;
                    case Boolean bool -> bool;
                    case String text -> {
                        budget.allowInput(text.length());
                        yield text;
                    }
                    case Long number -> number;
                    case Integer number -> number.longValue();
                    case Short number -> number.longValue();
                    case Byte number -> number.longValue();
                    case BigInteger number -> number.bitLength() < 64 ? (Object) number.longValue() : number;
                    case Double number -> number;
                    case Float number -> number.doubleValue();
                    case BigDecimal number -> number.doubleValue();
                    case Map<?, ?> map -> {
                        budget.allowInput(8L * map.size());
                        Map<Object, Object> copy = new LinkedHashMap<>();
                        map.forEach(
                                (key, element) -> copy.put(key(normalize(key, budget)), normalize(element, budget)));
                        yield copy;
                    }
                    case List<?> list -> {
                        budget.allowInput(8L * list.size());
                        List<Object> copy = new ArrayList<>(list.size());
                        list.forEach(element -> copy.add(normalize(element, budget)));
                        yield copy;
                    }
                    default -> throw new JinjaException("a variable of " + value.getClass() + " is no value of JSON");
                };
        budget.leave();
        return normalized;
    }

    static String typeName(Object value) {
        return switch (value) {
            case null -> "None";
            case Undefined undefined -> undefined.what() + ", which is undefined";
            case Boolean ignored -> "a boolean";
            case Long ignored -> "an integer";
            case BigInteger ignored -> "an integer";
            case Double ignored -> "a float";
            case String ignored -> "a string";
            case Tuple ignored -> "a tuple";
            case List<?> ignored -> "a list";
            case Map<?, ?> ignored -> "a dictionary";
            case Namespace ignored -> "a namespace";
            case Callable ignored -> "a function";
            case View view -> view.name();
            case Generator ignored -> "a generator";
            default -> "a loop";
        };
    }

    /** What to do about a message that a value cannot do what lists can. */
    static String listHint(Object value) {
        return value instanceof View || value instanceof Generator ? "; '| list' makes it a list" : "";
    }

    static boolean truth(Object value) {
        return switch (value) {
            case null -> false;
            case Undefined ignored -> false;
            case Boolean bool -> bool;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case View view -> !view.elements().isEmpty();
            default -> true;
        };
    }

    /** Whether it is a boolean (0 or 1 in arithmetic) or a number. */
    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** A boolean, integer or float as a Long, BigInteger or Double. */
    static Number number(Object value) {
        return value instanceof Boolean bool ? Long.valueOf(bool ? 1 : 0) : (Number) value;
    }

    private static BigDecimal exact(Number number) {
        return switch (number) {
            case Double d -> new BigDecimal(d);
            case BigInteger big -> new BigDecimal(big);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    private static boolean isFinite(Number number) {
        return !(number instanceof Double d) || Double.isFinite(d);
    }

    /** Both are numbers. Integers and floats compare by their exact values. */
    private static int compareNumbers(Number left, Number right, Budget budget) {
        if (left instanceof Long l && right instanceof Long r) {
            return Long.compare(l, r);
        }
        if (left instanceof Double l && right instanceof Double r) {
            return l.equals(r) || l.doubleValue() == r.doubleValue() ? 0 : Double.compare(l, r); // 0.0 equals -0.0
        }
        budget.spend(64);
        return isFinite(left) && isFinite(right)
                ? exact(left).compareTo(exact(right))
                : Double.compare(left.doubleValue(), right.doubleValue());
    }

    private static boolean isNan(Object value) {
        return value instanceof Double d && d.isNaN();
    }

    static boolean equal(Object left, Object right, Budget budget) {
        budget.enter();
        boolean equal;
        if (isNumber(left) && isNumber(right)) {
            equal = !isNan(left) && !isNan(right) && compareNumbers(number(left), number(right), budget) == 0;
        } else if (left instanceof String l && right instanceof String r) {
            budget.spend(Math.min(l.length(), r.length()) / 8);
            equal = l.equals(r);
        } else if (left instanceof List<?> l && right instanceof List<?> r) {
            equal = l.size() == r.size() && (left instanceof Tuple) == (right instanceof Tuple);
            for (int i = 0; equal && i < l.size(); i++) {
                equal = equal(l.get(i), r.get(i), budget);
            }
        } else if (left instanceof Map<?, ?> l && right instanceof Map<?, ?> r) {
            equal = l.size() == r.size();
            if (equal) {
                for (Map.Entry<?, ?> entry : l.entrySet()) {
                    equal = r.containsKey(entry.getKey()) && equal(entry.getValue(), r.get(entry.getKey()), budget);
                    if (!equal) {
                        break;
                    }
                }
            }
        } else {
            equal = left == right || (left instanceof Undefined && right instanceof Undefined);
        }
        budget.leave();
        return equal;
    }

    /** Negative, zero or positive; an error where Python cannot tell which is less. Not for NaN. */
    static int compare(Object left, Object right, Budget budget) {
        budget.enter();
        int order;
        if (isNumber(left) && isNumber(right)) {
            order = compareNumbers(number(left), number(right), budget);
        } else if (left instanceof String l && right instanceof String r) {
            budget.spend(Math.min(l.length(), r.length()) / 8);
            order = Text.compare(l, r);
        } else if (left instanceof List<?> l
                && right instanceof List<?> r
                && (left instanceof Tuple) == (right instanceof Tuple)) {
            int i = 0;
            while (i < l.size() && i < r.size() && equal(l.get(i), r.get(i), budget)) {
                i++;
            }
            order = i < l.size() && i < r.size()
                    ? compare(l.get(i), r.get(i), budget)
                    : Integer.compare(l.size(), r.size());
        } else {
            throw new JinjaException("cannot compare " + typeName(left) + " with " + typeName(right));
        }
        budget.leave();
        return order;
    }

    /** The outcome of a comparison operator. */
    static boolean compare(String operator, Object left, Object right, Budget budget) {
        switch (operator) {
            case "==":
                return equal(left, right, budget);
            case "!=":
                return !equal(left, right, budget);
            case "in":
                return contains(right, left, budget);
            case "not in":
                return !contains(right, left, budget);
            default:
                if (isNan(left) || isNan(right)) {
                    return false;
                }
                int order = compare(left, right, budget);
                return switch (operator) {
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                };
        }
    }

    static boolean contains(Object container, Object element, Budget budget) {
        return switch (container) {
            case String text -> {
                if (!(element instanceof String needle)) {
                    throw new JinjaException("only a string can be in a string, not " + typeName(element));
                }
                budget.spendSearch(text, needle);
                yield text.contains(needle);
            }
            case Map<?, ?> map -> map.containsKey(key(element));
            case List<?> list -> list.stream().anyMatch(other -> equal(element, other, budget));
            case View view -> contains(view.elements(), element, budget);
            case Generator generator -> contains(generator.drain(budget), element, budget);
            case Undefined ignored -> false;
            case null -> throw notIterable(null);
            default -> throw notIterable(container);
        };
    }

    /** A value as the key of a dictionary. In Python 1, 1.0 and true are the same key; here they are three. */
    static Object key(Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean bool -> bool;
            case Number number -> number;
            case Undefined ignored -> UNDEFINED_KEY;
            default -> throw new JinjaException("a dictionary has keys of simple types only, not " + typeName(value));
        };
    }

    private static JinjaException notIterable(Object value) {
        return new JinjaException(typeName(value) + " cannot be iterated or searched");
    }

    static boolean isIterable(Object value) {
        return isSequence(value) || value instanceof View || value instanceof Generator;
    }

    /** Jinja's notion of a sequence: has a length, and elements by some key. */
    static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof List<?>
                || value instanceof Map<?, ?>
                || (value instanceof View view && view.indexed())
                || value instanceof Undefined;
    }

    /** What a loop over the value runs over. Not to be changed: it may be the value itself. */
    static List<Object> iterate(Object value, Budget budget) {
        return switch (value) {
            case List<?> list -> {
                budget.spend(list.size());
                yield view(list);
            }
            case Map<?, ?> map -> {
                budget.makeElements(map.size());
                yield new ArrayList<>(map.keySet());
            }
            case String text -> {
                budget.makeStrings(text.length());
                List<Object> characters = new ArrayList<>(text.length());
                text.codePoints().forEach(c -> characters.add(Character.toString(c)));
                yield characters;
            }
            case View view -> iterate(view.elements(), budget);
            case Generator generator -> generator.drain(budget);
            case Undefined ignored -> List.of();
            case null -> throw notIterable(null);
            default -> throw notIterable(value);
        };
    }

    @SuppressWarnings("unchecked") // a list that is only read is a list of objects
    private static List<Object> view(List<?> list) {
        return (List<Object>) list;
    }

    static long length(Object value, Budget budget) {
        return switch (value) {
            case String text -> {
                budget.spend(text.length() / 8);
                yield text.codePointCount(0, text.length());
            }
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case View view -> view.elements().size();
            case Undefined ignored -> 0;
            case null -> throw new JinjaException("None has no length");
            default -> throw new JinjaException(typeName(value) + " has no length" + listHint(value));
        };
    }

    /** An integer that counts or indexes. */
    static long integer(Object value, String what) {
        return switch (value) {
            case Long number -> number;
            case Boolean bool -> bool ? 1 : 0;
            case null -> throw new JinjaException(what + " must be an integer, is None");
            default -> throw new JinjaException(what + " must be an integer, is " + typeName(value));
        };
    }
}
