package dev.sluice.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Small templates made from a grammar, and published shapes with random damage. Most parse; many go wrong when run. */
final class RandomTemplates {
    private static final String CHARACTERS = "{}%#'\"()[]|~.,:=-+*/ \n0a<>!\\\u00e9\u2028\ud83d";
    private static final Pattern TOKEN = Pattern.compile("\\{[{%#][-+]?|[-+]?[}%#]\\}|\\w+|\\s+|.");
    private static final String[] NAMES = {
        "t", "f", "none_", "zero", "one", "neg", "half", "s", "e", "u", "w", "l", "names", "d", "people", "floats",
        "quotes", "big", "x", "y", "ns", "m", "loop", "caller"
    };
    private static final String[] LITERALS = {
        "0",
        "1",
        "-1",
        "2",
        "7",
        "0.5",
        "1e16",
        "1e300",
        "9223372036854775807",
        "''",
        "'a'",
        "'l'",
        "'a b\\n'",
        "', '",
        "'\\u65e5\\U0001F642'",
        "true",
        "false",
        "none",
        "[]",
        "{}",
        "()",
        "[1, 2]",
        "(1, 'a')",
        "{'a': 1, 'b': [2]}",
        "range(4)"
    };
    private static final String[] FILTERS = {
        "abs",
        "capitalize",
        "count",
        "d('q')",
        "default('q', true)",
        "dictsort",
        "first",
        "float",
        "indent",
        "indent(2, true)",
        "int",
        "items",
        "join",
        "join('-')",
        "last",
        "length",
        "list",
        "lower",
        "map('upper')",
        "map('string')",
        "map(attribute='a')",
        "map('abs')",
        "max",
        "min",
        "reject",
        "reject('none')",
        "rejectattr('a')",
        "replace('a', 'bb')",
        "reverse",
        "round",
        "round(1)",
        "safe",
        "select",
        "select('odd')",
        "select('string')",
        "selectattr('age', 'gt', 26)",
        "sort",
        "sort(reverse=true)",
        "string",
        "sum",
        "title",
        "tojson",
        "tojson(indent=2)",
        "trim",
        "unique",
        "upper"
    };
    private static final String[] TESTS = {
        "boolean",
        "callable",
        "defined",
        "divisibleby(2)",
        "eq(1)",
        "even",
        "false",
        "float",
        "ge(1)",
        "in([1, 'a'])",
        "integer",
        "iterable",
        "lower",
        "mapping",
        "none",
        "number",
        "odd",
        "sameas(none)",
        "sequence",
        "string",
        "true",
        "undefined",
        "upper"
    };
    private static final String[] OPERATORS = {
        "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"
    };
    private static final String[] MEMBERS = {
        ".a",
        ".b",
        ".items()",
        ".keys()",
        ".values()",
        ".get('b', 0)",
        ".upper()",
        ".strip()",
        ".split()",
        ".split('l', 1)",
        ".startswith('H')",
        ".replace('l', 'L')",
        ".title()",
        ".find('l')",
        ".splitlines()",
        ".join(['a', 'b'])",
        ".index",
        ".first",
        ".previtem",
        ".name",
        ".isdigit()",
        ".rstrip('\\n')",
        ".count(1)",
        "[0]",
        "[-1]",
        "['a']",
        "[1:]",
        "[::-1]",
        "[:2]",
        "[5:0:-2]",
        "()",
        "(1)",
        "(1, b=2)"
    };

    private final Random random;
    private final List<String> shapes;

    RandomTemplates(Random random, List<String> shapes) {
        this.random = random;
        this.shapes = shapes;
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    // Damage

    /** One of the shapes with a few characters or tokens removed, added, doubled or exchanged. */
    String damaged() {
        return random.nextBoolean() ? damagedCharacters() : damagedTokens();
    }

    private String shape() {
        return shapes.get(random.nextInt(shapes.size()));
    }

    private String damagedCharacters() {
        StringBuilder text = new StringBuilder(shape());
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
                default -> text.insert(at, c);
            }
        }
        return text.toString();
    }

    private String damagedTokens() {
        List<String> tokens = tokens(shape());
        List<String> others = tokens(shape());
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(tokens.size());
            String other = random.nextBoolean() ? others.get(random.nextInt(others.size())) : expression(2);
            switch (random.nextInt(5)) {
                case 0 -> tokens.set(at, other);
                case 1 -> tokens.add(at, other);
                case 2 -> tokens.remove(at);
                case 3 -> tokens.add(at, tokens.get(random.nextInt(tokens.size())));
                default -> {
                    int to = random.nextInt(tokens.size());
                    String moved = tokens.get(at);
                    tokens.set(at, tokens.get(to));
                    tokens.set(to, moved);
                }
            }
        }
        return String.join("", tokens);
    }

    private static List<String> tokens(String text) {
        return new ArrayList<>(
                TOKEN.matcher(text).results().map(MatchResult::group).toList());
    }

    // Grammar

    /** A few statements. */
    String small() {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(4) == 0) {
            text.append("{% set ns = namespace(x=1, y='a') %}");
        }
        if (random.nextInt(4) == 0) {
            text.append("{% macro m(a, b=2) %}").append(body(1)).append("{{ a }}{% endmacro %}");
        }
        return text.append(body(random.nextInt(4))).toString();
    }

    private String body(int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(2); i >= 0; i--) {
            text.append(statement(depth));
        }
        return text.toString();
    }

    private String statement(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return random.nextInt(4) == 0
                    ? one("a", " ", "\n", "  \n", "{ }")
                    : "{{" + one("", "-") + " " + expression(random.nextInt(4)) + " " + one("", "-") + "}}";
        }
        return switch (random.nextInt(11)) {
            case 0 ->
                tag("if " + expression(2))
                        + body(depth - 1)
                        + (random.nextBoolean() ? tag("else") + body(depth - 1) : "")
                        + tag("endif");
            case 1, 2 ->
                tag("for " + one("x", "y", "x, y", "k, v") + " in " + expression(2)
                                + (random.nextInt(3) == 0 ? " if " + expression(2) : ""))
                        + body(depth - 1)
                        + one(
                                "",
                                "{{ loop.index }}",
                                "{{ loop.last }}",
                                "{% break %}",
                                "{% if loop.index > 1 %}{% continue %}{% endif %}x")
                        + (random.nextInt(4) == 0 ? tag("else") + body(depth - 1) : "")
                        + tag("endfor");
            case 3, 4 -> tag("set " + one("x", "y", "ns.x", "x, y", "l") + " = " + expression(random.nextInt(4)));
            case 5 ->
                tag("set " + one("x", "y") + one("", " | upper", " | trim | length")) + body(depth - 1) + tag("endset");
            case 6 -> tag("with x = " + expression(2)) + body(depth - 1) + tag("endwith");
            case 7 -> tag("filter " + one(FILTERS)) + body(depth - 1) + tag("endfilter");
            case 8 ->
                tag("call" + one("", "(x)", "(x, y=1)") + " m(" + expression(1) + ")")
                        + body(depth - 1)
                        + tag("endcall");
            case 9 -> one("{# c #}", "{#- c -#}", "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {% {%- endraw %}");
            default ->
                tag("macro m(a, b=" + expression(1) + ")")
                        + body(depth - 1)
                        + one("", "{{ caller(1) }}")
                        + tag("endmacro");
        };
    }

    private String tag(String inside) {
        return "{%" + one("", "", "-", "+") + " " + inside + " " + one("", "", "-", "+") + "%}"
                + one("", "", "\n", " ");
    }

    String expression(int depth) {
        if (depth == 0) {
            return random.nextInt(3) == 0 ? one(LITERALS) : one(NAMES);
        }
        String inner = operand(depth - 1);
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> inner + " | " + one(FILTERS) + one("", "", " | " + one(FILTERS));
            case 3 -> inner + " is " + one("", "not ") + one(TESTS);
            case 4, 5 -> inner + one(MEMBERS) + one("", "", one(MEMBERS));
            case 6, 7 -> inner + " " + one(OPERATORS) + " " + operand(depth - 1);
            case 8 -> "(" + inner + " if " + operand(depth - 1) + one("", " else " + operand(depth - 1)) + ")";
            case 9 -> one("not ", "-", "+") + inner;
            case 10 -> "[" + inner + ", " + expression(depth - 1) + "]" + one("", one(MEMBERS));
            default -> inner;
        };
    }

    /** An expression that binds tightly; once in a while one that may not. */
    private String operand(int depth) {
        String inner = expression(depth);
        return depth == 0 || random.nextInt(30) == 0 ? inner : "(" + inner + ")";
    }
}
