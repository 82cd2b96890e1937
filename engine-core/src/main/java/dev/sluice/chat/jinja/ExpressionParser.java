package dev.sluice.chat.jinja;

import dev.sluice.chat.jinja.Expression.CallArguments;
import dev.sluice.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Expressions, with Jinja's precedence: from the conditional, which binds loosest, down to the postfix operators. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> KEYWORDS_AFTER_TEST = Set.of("else", "or", "and", "if", "in", "not");
    private static final Expression NONE = new Expression.Literal(null);

    private final Tokens tokens;
    private final Names names;

    /** Notes the names that it reads. */
    ExpressionParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    /** An expression, or several with commas between: a tuple. */
    Expression parseTuple(boolean conditionals) {
        Expression first = conditionals ? parse() : parseOr();
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.takeOperator(",")) {
            Token token = tokens.peek();
            if (token.kind() == Kind.VARIABLE_END || token.kind() == Kind.BLOCK_END || isClosing(token)) {
                break;
            }
            elements.add(conditionals ? parse() : parseOr());
        }
        return new Expression.TupleLiteral(List.copyOf(elements));
    }

    private static boolean isClosing(Token token) {
        return token.isOperator(")") || token.isOperator("]") || token.isOperator("=");
    }

    Expression parse() {
        tokens.enter();
        Expression expression = parseOr();
        while (tokens.takeName("if")) {
            Expression condition = parseOr();
            Optional<Expression> otherwise = tokens.takeName("else") ? Optional.of(parse()) : Optional.empty();
            expression = new Expression.Conditional(condition, expression, otherwise);
        }
        tokens.leave();
        return expression;
    }

    Expression parseOr() {
        Expression left = parseAnd();
        while (tokens.takeName("or")) {
            left = new Expression.Or(left, parseAnd());
        }
        return left;
    }

    private Expression parseAnd() {
        Expression left = parseNot();
        while (tokens.takeName("and")) {
            left = new Expression.And(left, parseNot());
        }
        return left;
    }

    private Expression parseNot() {
        if (!tokens.takeName("not")) {
            return parseComparison();
        }
        tokens.enter();
        Expression operand = parseNot();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression parseComparison() {
        int at = tokens.peek().at();
        Expression first = parseSum();
        List<Expression.Comparison.Operand> rest = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            String operator;
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                operator = tokens.take().text();
            } else if (tokens.takeName("in")) {
                operator = "in";
            } else if (token.isName("not") && tokens.peekSecond().isName("in")) {
                tokens.take();
                tokens.take();
                operator = "not in";
            } else {
                break;
            }
            rest.add(new Expression.Comparison.Operand(operator, parseSum()));
        }
        return rest.isEmpty() ? first : new Expression.Comparison(first, List.copyOf(rest), at);
    }

    private Expression parseSum() {
        Expression left = parseConcatenation();
        while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
            Token operator = tokens.take();
            left = new Expression.Arithmetic(operator.text(), left, parseConcatenation(), operator.at());
        }
        return left;
    }

    private Expression parseConcatenation() {
        Expression first = parseProduct();
        if (!tokens.peek().isOperator("~")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (tokens.takeOperator("~")) {
            operands.add(parseProduct());
        }
        return new Expression.Concatenation(List.copyOf(operands));
    }

    private Expression parseProduct() {
        Expression left = parsePower();
        while (tokens.peek().isOperator("*")
                || tokens.peek().isOperator("/")
                || tokens.peek().isOperator("//")
                || tokens.peek().isOperator("%")) {
            Token operator = tokens.take();
            left = new Expression.Arithmetic(operator.text(), left, parsePower(), operator.at());
        }
        return left;
    }

    private Expression parsePower() {
        Expression left = parseSigned(true);
        while (tokens.peek().isOperator("**")) { // grouped from the left, as Jinja does and Python does not
            Token operator = tokens.take();
            left = new Expression.Arithmetic("**", left, parseSigned(true), operator.at());
        }
        return left;
    }

    private Expression parseSigned(boolean filters) {
        Expression expression;
        Token token = tokens.peek();
        if (token.isOperator("-") || token.isOperator("+")) {
            tokens.take();
            tokens.enter();
            expression = new Expression.Sign(token.text().charAt(0), parseSigned(false), token.at());
            tokens.leave();
        } else {
            expression = parsePrimary();
        }
        expression = parsePostfix(expression);
        return filters ? parseFilters(expression) : expression;
    }

    private Expression parsePrimary() {
        Token token = tokens.peek();
        switch (token.kind()) {
            case NAME -> {
                tokens.take();
                return switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(true);
                    case "false", "False" -> new Expression.Literal(false);
                    case "none", "None" -> NONE;
                    default -> {
                        names.read(token.text());
                        yield new Expression.Name(token.text());
                    }
                };
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                return new Expression.Literal(text.toString());
            }
            case INTEGER -> {
                return new Expression.Literal(integer(tokens.take().text()));
            }
            case FLOAT -> {
                return new Expression.Literal(Double.valueOf(tokens.take().text()));
            }
            default -> {
                if (tokens.takeOperator("(")) {
                    Expression inner =
                            tokens.peek().isOperator(")") ? new Expression.TupleLiteral(List.of()) : parseTuple(true);
                    tokens.expectOperator(")");
                    return inner;
                }
                if (tokens.takeOperator("[")) {
                    return parseList();
                }
                if (tokens.takeOperator("{")) {
                    return parseMap(token.at());
                }
                throw tokens.unexpected("an expression");
            }
        }
    }

    private static Long integer(String digits) {
        if (digits.length() > 1 && digits.startsWith("0") && !digits.chars().allMatch(c -> c == '0')) {
            throw new JinjaException("a number starts with 0: " + digits);
        }
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            throw new JinjaException("the integer " + digits + " does not fit 64 bits");
        }
    }

    private Expression parseList() {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.takeOperator("]")) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.takeOperator("]")) {
                    break;
                }
            }
            elements.add(parse());
        }
        return new Expression.ListLiteral(List.copyOf(elements));
    }

    private Expression parseMap(int at) {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!tokens.takeOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.takeOperator("}")) {
                    break;
                }
            }
            Expression key = parse();
            tokens.expectOperator(":");
            entries.add(Map.entry(key, parse()));
        }
        return new Expression.MapLiteral(List.copyOf(entries), at);
    }

    private Expression parsePostfix(Expression target) {
        Expression expression = target;
        while (true) {
            Token token = tokens.peek();
            if (tokens.takeOperator(".")) {
                Token member = tokens.take();
                expression = switch (member.kind()) {
                    case NAME -> new Expression.Attribute(expression, member.text(), member.at());
                    case INTEGER ->
                        new Expression.Item(expression, new Expression.Literal(integer(member.text())), member.at());
                    default -> throw new JinjaException("expected a name after '.', found " + member.describe());
                };
            } else if (tokens.takeOperator("[")) {
                expression = parseSubscript(expression, token.at());
            } else if (tokens.takeOperator("(")) {
                expression = new Expression.Call(expression, parseArguments(), token.at());
            } else {
                return expression;
            }
        }
    }

    private Expression parseSubscript(Expression target, int at) {
        Expression start = tokens.peek().isOperator(":") ? NONE : parseTuple(true);
        if (tokens.takeOperator("]")) {
            return new Expression.Item(target, start, at);
        }
        tokens.expectOperator(":");
        Expression stop = tokens.peek().isOperator(":") || tokens.peek().isOperator("]") ? NONE : parse();
        Expression step = tokens.takeOperator(":") && !tokens.peek().isOperator("]") ? parse() : NONE;
        tokens.expectOperator("]");
        return new Expression.Slice(target, start, stop, step, at);
    }

    /** What follows an opening parenthesis, and the closing one. */
    private CallArguments parseArguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        boolean first = true;
        while (!tokens.takeOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.takeOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
                throw new JinjaException("'*' and '**' in arguments are not supported");
            }
            if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().isOperator("=")) {
                String name = tokens.take().text();
                tokens.take();
                if (named.put(name, parse()) != null) {
                    throw new JinjaException("the argument " + name + " is given twice");
                }
            } else if (named.isEmpty()) {
                positional.add(parse());
            } else {
                throw new JinjaException("a positional argument follows a named one");
            }
        }
        return new CallArguments(List.copyOf(positional), named);
    }

    private String dottedName() {
        StringBuilder name =
                new StringBuilder(tokens.expect(Kind.NAME, "a name").text());
        while (tokens.takeOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME, "a name").text());
        }
        return name.toString();
    }

    /** Filters, tests and calls after an expression, in any order. */
    Expression parseFilters(Expression target) {
        Expression expression = target;
        while (true) {
            Token token = tokens.peek();
            if (tokens.takeOperator("|")) {
                expression = parseFilter(expression);
            } else if (tokens.takeName("is")) {
                expression = parseTest(expression);
            } else if (tokens.takeOperator("(")) {
                expression = new Expression.Call(expression, parseArguments(), token.at());
            } else {
                return expression;
            }
        }
    }

    /** One filter or several, the first without a bar before it. */
    Expression parseFilterChain(Expression target) {
        Expression expression = parseFilter(target);
        while (tokens.takeOperator("|")) {
            expression = parseFilter(expression);
        }
        return expression;
    }

    private Expression parseFilter(Expression target) {
        int at = tokens.peek().at();
        String name = dottedName();
        CallArguments arguments = tokens.takeOperator("(") ? parseArguments() : CallArguments.NONE;
        return new Expression.Filter(target, name, arguments, at);
    }

    private Expression parseTest(Expression target) {
        boolean negated = tokens.takeName("not");
        int at = tokens.peek().at();
        String name = dottedName();
        Expression test = new Expression.Test(target, name, testArguments(), at);
        return negated ? new Expression.Not(test) : test;
    }

    /** Arguments of a test: in parentheses, or a single operand without. */
    private CallArguments testArguments() {
        if (tokens.takeOperator("(")) {
            return parseArguments();
        }
        Token token = tokens.peek();
        boolean operand =
                switch (token.kind()) {
                    case NAME -> !KEYWORDS_AFTER_TEST.contains(token.text());
                    case STRING, INTEGER, FLOAT -> true;
                    default -> token.isOperator("[") || token.isOperator("{");
                };
        if (token.isName("is")) {
            throw new JinjaException("tests cannot be chained with 'is'");
        }
        return operand ? new CallArguments(List.of(parsePostfix(parsePrimary())), Map.of()) : CallArguments.NONE;
    }
}
