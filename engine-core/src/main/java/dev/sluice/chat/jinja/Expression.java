package dev.sluice.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has a value. {@code at} is the source offset that errors are reported for. */
sealed interface Expression {
    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListLiteral(List<Expression> elements) implements Expression {}

    record TupleLiteral(List<Expression> elements) implements Expression {}

    record MapLiteral(List<Map.Entry<Expression, Expression>> entries, int at) implements Expression {}

    record Attribute(Expression target, String name, int at) implements Expression {}

    record Item(Expression target, Expression key, int at) implements Expression {}

    /** An absent bound is a literal None. */
    record Slice(Expression target, Expression start, Expression stop, Expression step, int at) implements Expression {}

    record Call(Expression target, CallArguments arguments, int at) implements Expression {}

    record Filter(Expression target, String name, CallArguments arguments, int at) implements Expression {}

    record Test(Expression target, String name, CallArguments arguments, int at) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /** {@code +} or {@code -} before a number. */
    record Sign(char operator, Expression operand, int at) implements Expression {}

    record Arithmetic(String operator, Expression left, Expression right, int at) implements Expression {}

    /** Operands of {@code ~}, all of a chain at once. */
    record Concatenation(List<Expression> operands) implements Expression {}

    /** {@code first op second op third}: each operand is compared with the next one. */
    record Comparison(Expression first, List<Operand> rest, int at) implements Expression {
        record Operand(String operator, Expression expression) {}
    }

    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise) implements Expression {}

    record CallArguments(List<Expression> positional, Map<String, Expression> named) {
        static final CallArguments NONE = new CallArguments(List.of(), Map.of());
    }
}
