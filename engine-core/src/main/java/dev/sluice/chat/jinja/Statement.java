package dev.sluice.chat.jinja;

import java.util.List;
import java.util.Optional;

/** What writes text or changes variables. {@code at} is the source offset that errors are reported for. */
sealed interface Statement {
    record Text(String text) implements Statement {}

    record Print(Expression expression, int at) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {
        record Branch(Expression condition, List<Statement> body, int at) {}
    }

    record For(
            Target target,
            Expression iterable,
            Optional<Expression> condition,
            List<Statement> body,
            List<Statement> otherwise,
            int at)
            implements Statement {}

    record Set(Target target, Expression value, int at) implements Statement {}

    /** {@code {% set name %}text{% endset %}}, the text sent through filters, whose target is {@link #TEXT}. */
    record SetBlock(Target target, Optional<Expression> filters, List<Statement> body, int at) implements Statement {
        /** The name that the filters find the text under; no template can write it. */
        static final String TEXT = "(text)";
    }

    /** {@code {% filter name %}text{% endfilter %}}; the filters find the text as in {@link SetBlock}. */
    record FilterBlock(Expression filters, List<Statement> body, int at) implements Statement {}

    /** {@code {% with target = value %}}; the values are computed before any target is set. */
    record With(List<Target> targets, List<Expression> values, List<Statement> body, int at) implements Statement {}

    /**
     * A default belongs to each of the last parameters.
     *
     * @param takesCaller whether the body mentions {@code caller}
     */
    record Macro(
            String name,
            List<String> parameters,
            List<Expression> defaults,
            List<Statement> body,
            boolean takesCaller,
            int at)
            implements Statement {
        static final String CALLER = "caller";
    }

    /** {@code {% call(parameters) name(arguments) %}body{% endcall %}}: the macro finds the body as the macro {@code caller}. */
    record CallBlock(Expression.Call call, Macro caller, int at) implements Statement {}

    /** A body with variables of its own. */
    record Scoped(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** What is assigned to. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        /** An attribute of a namespace. */
        record Member(String namespace, String name) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
