package dev.sluice.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes expressions. */
final class Evaluator {
    private final Budget budget;
    private final Filters filters;
    private int at;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.filters = new Filters(budget);
    }

    /** Source offset of what was being done last. */
    int at() {
        return at;
    }

    void moveTo(int offset) {
        at = offset;
    }

    Object evaluate(Expression expression, Scope scope) {
        budget.enter();
        Object value =
                switch (expression) {
                    case Expression.Literal literal -> literal.value();
                    case Expression.Name name -> scope.get(name.name());
                    case Expression.ListLiteral list -> evaluateAll(list.elements(), scope);
                    case Expression.TupleLiteral tuple -> new Tuple(evaluateAll(tuple.elements(), scope));
                    case Expression.MapLiteral map -> map(map, scope);
                    case Expression.Attribute attribute -> {
                        Object target = evaluate(attribute.target(), scope);
                        at = attribute.at();
                        yield Members.attribute(target, attribute.name(), budget);
                    }
                    case Expression.Item item -> {
                        Object target = evaluate(item.target(), scope);
                        Object key = evaluate(item.key(), scope);
                        at = item.at();
                        yield Members.item(target, key, budget);
                    }
                    case Expression.Slice slice -> {
                        Object target = evaluate(slice.target(), scope);
                        Object start = evaluate(slice.start(), scope);
                        Object stop = evaluate(slice.stop(), scope);
                        Object step = evaluate(slice.step(), scope);
                        at = slice.at();
                        yield Slices.slice(target, start, stop, step, budget);
                    }
                    case Expression.Call call -> call(call, scope);
                    case Expression.Filter filter -> {
                        Object target = evaluate(filter.target(), scope);
                        Arguments arguments = arguments(filter.arguments(), scope);
                        at = filter.at();
                        yield filters.apply(filter.name(), target, arguments);
                    }
                    case Expression.Test test -> {
                        Object target = evaluate(test.target(), scope);
                        Arguments arguments = arguments(test.arguments(), scope);
                        at = test.at();
                        yield Tests.test(test.name(), target, arguments, budget);
                    }
                    case Expression.Not not -> !Values.truth(evaluate(not.operand(), scope));
                    case Expression.And and -> {
                        Object left = evaluate(and.left(), scope);
                        yield Values.truth(left) ? evaluate(and.right(), scope) : left;
                    }
                    case Expression.Or or -> {
                        Object left = evaluate(or.left(), scope);
                        yield Values.truth(left) ? left : evaluate(or.right(), scope);
                    }
                    case Expression.Sign sign -> {
                        Object operand = evaluate(sign.operand(), scope);
                        at = sign.at();
                        yield sign.operator() == '-'
                                ? Arithmetic.negate(operand, budget)
                                : Arithmetic.apply("+", 0L, operand, budget);
                    }
                    case Expression.Arithmetic arithmetic -> {
                        Object left = evaluate(arithmetic.left(), scope);
                        Object right = evaluate(arithmetic.right(), scope);
                        at = arithmetic.at();
                        yield Arithmetic.apply(arithmetic.operator(), left, right, budget);
                    }
                    case Expression.Concatenation concatenation -> {
                        StringBuilder text = new StringBuilder();
                        for (Object operand : evaluateAll(concatenation.operands(), scope)) {
                            String part = Printer.str(operand, budget);
                            budget.make(part.length());
                            text.append(part);
                        }
                        yield text.toString();
                    }
                    case Expression.Comparison comparison -> comparison(comparison, scope);
                    case Expression.Conditional conditional -> {
                        if (Values.truth(evaluate(conditional.condition(), scope))) {
                            yield evaluate(conditional.then(), scope);
                        }
                        yield conditional.otherwise().isPresent()
                                ? evaluate(conditional.otherwise().get(), scope)
                                : new Undefined("a conditional without 'else'");
                    }
                };
        budget.leave();
        return value;
    }

    private List<Object> evaluateAll(List<Expression> expressions, Scope scope) {
        budget.makeElements(expressions.size());
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Arguments arguments(Expression.CallArguments arguments, Scope scope) {
        if (arguments.positional().isEmpty() && arguments.named().isEmpty()) {
            return Arguments.NONE;
        }
        Map<String, Object> named = new LinkedHashMap<>();
        List<Object> positional = evaluateAll(arguments.positional(), scope);
        arguments.named().forEach((name, expression) -> named.put(name, evaluate(expression, scope)));
        return new Arguments(positional, named);
    }

    private Map<Object, Object> map(Expression.MapLiteral literal, Scope scope) {
        budget.makeElements(literal.entries().size());
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<Expression, Expression> entry : literal.entries()) {
            Object key = evaluate(entry.getKey(), scope);
            at = literal.at();
            map.put(Values.key(key), evaluate(entry.getValue(), scope));
        }
        return map;
    }

    private Object call(Expression.Call call, Scope scope) {
        return call(call, Map.of(), scope);
    }

    /** The value of a call that gets these named arguments besides its own. */
    Object call(Expression.Call call, Map<String, Object> more, Scope scope) {
        Object target = evaluate(call.target(), scope);
        Arguments arguments = arguments(call.arguments(), scope).with(more);
        at = call.at();
        return switch (target) {
            case Callable callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.error();
            case null -> throw new JinjaException("None cannot be called");
            default -> throw new JinjaException(Values.typeName(target) + " cannot be called");
        };
    }

    private boolean comparison(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (Expression.Comparison.Operand operand : comparison.rest()) {
            Object right = evaluate(operand.expression(), scope);
            at = comparison.at();
            if (!Values.compare(operand.operator(), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }
}
