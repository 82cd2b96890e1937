package dev.sluice.chat.jinja;

import dev.sluice.chat.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs statements: one rendering of a template. */
final class Interpreter {
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Budget budget;
    private final Evaluator evaluator;
    private StringBuilder out = new StringBuilder();

    Interpreter(Budget budget) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget);
    }

    String render(List<Statement> statements, Scope scope) {
        run(statements, scope);
        return out.toString();
    }

    /** Source offset of what was being done last, for messages. */
    int at() {
        return evaluator.at();
    }

    private Flow run(List<Statement> statements, Scope scope) {
        budget.enter();
        Flow flow = Flow.NEXT;
        for (int i = 0; flow == Flow.NEXT && i < statements.size(); i++) {
            flow = run(statements.get(i), scope);
        }
        budget.leave();
        return flow;
    }

    private Flow run(Statement statement, Scope scope) {
        budget.spend(1);
        switch (statement) {
            case Statement.Text text -> write(text.text());
            case Statement.Print print -> {
                Object value = evaluator.evaluate(print.expression(), scope);
                evaluator.moveTo(print.at());
                write(Printer.str(value, budget));
            }
            case Statement.Set set -> assign(set.target(), evaluator.evaluate(set.value(), scope), scope, set.at());
            case Statement.If choice -> {
                return ifStatement(choice, scope);
            }
            case Statement.For loop -> {
                return forStatement(loop, scope);
            }
            case Statement.SetBlock block -> setBlock(block, scope);
            case Statement.FilterBlock block -> {
                Object value = filtered(block.body(), block.filters(), scope);
                if (!(value instanceof String text)) {
                    throw new JinjaException("a filter block makes text, not " + Values.typeName(value));
                }
                write(text);
            }
            case Statement.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Statement.CallBlock block -> {
                Callable caller = macro(block.caller(), scope);
                Object value = evaluator.call(block.call(), Map.of(Statement.Macro.CALLER, caller), scope);
                evaluator.moveTo(block.at());
                write(Printer.str(value, budget));
            }
            case Statement.With with -> {
                return withStatement(with, scope);
            }
            case Statement.Scoped scoped -> {
                return run(scoped.body(), scope.inner());
            }
            case Statement.Break ignored -> {
                return Flow.BREAK;
            }
            case Statement.Continue ignored -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private void write(String text) {
        budget.make(text.length());
        out.append(text);
    }

    private Flow ifStatement(Statement.If choice, Scope scope) {
        for (Statement.If.Branch branch : choice.branches()) {
            evaluator.moveTo(branch.at());
            if (Values.truth(evaluator.evaluate(branch.condition(), scope))) {
                return run(branch.body(), scope);
            }
        }
        return run(choice.otherwise(), scope);
    }

    private Flow forStatement(Statement.For loop, Scope scope) {
        Object iterable = evaluator.evaluate(loop.iterable(), scope);
        evaluator.moveTo(loop.at());
        List<Object> elements = Values.iterate(iterable, budget);
        if (loop.condition().isPresent()) {
            List<Object> chosen = new ArrayList<>();
            for (Object element : elements) {
                Scope turn = scope.inner();
                assign(loop.target(), element, turn, loop.at());
                if (Values.truth(evaluator.evaluate(loop.condition().get(), turn))) {
                    budget.makeElements(1);
                    chosen.add(element);
                }
            }
            elements = chosen;
        }
        Loop state = new Loop(elements);
        boolean completed = false;
        for (int i = 0; i < elements.size(); i++) {
            budget.spend(1);
            state.moveTo(i);
            Scope turn = scope.inner();
            turn.set("loop", state);
            assign(loop.target(), elements.get(i), turn, loop.at());
            Flow flow = run(loop.body(), turn);
            if (flow == Flow.BREAK) {
                break;
            }
            completed |= flow == Flow.NEXT; // as Jinja has it: a turn that is cut short does not count for 'else'
        }
        return completed ? Flow.NEXT : run(loop.otherwise(), scope.inner());
    }

    private void assign(Target target, Object value, Scope scope, int at) {
        evaluator.moveTo(at);
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Member member -> {
                if (!(scope.get(member.namespace()) instanceof Namespace namespace)) {
                    throw new JinjaException(
                            "only attributes of a namespace can be set, and '" + member.namespace() + "' is none");
                }
                budget.makeElements(1);
                namespace.attributes.put(member.name(), value);
            }
            case Target.Several several -> {
                List<Object> values = Values.iterate(value, budget);
                List<Target> targets = several.targets();
                if (values.size() != targets.size()) {
                    throw new JinjaException(
                            values.size() + " values cannot be assigned to " + targets.size() + " variables");
                }
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), values.get(i), scope, at);
                }
            }
        }
    }

    private Flow withStatement(Statement.With with, Scope scope) {
        Scope inner = scope.inner();
        List<Object> values = with.values().stream()
                .map(value -> evaluator.evaluate(value, scope))
                .toList();
        for (int i = 0; i < values.size(); i++) {
            assign(with.targets().get(i), values.get(i), inner, with.at());
        }
        return run(with.body(), inner);
    }

    private void setBlock(Statement.SetBlock block, Scope scope) {
        Object value = block.filters().isPresent()
                ? filtered(block.body(), block.filters().get(), scope)
                : captured(block.body(), scope.inner());
        assign(block.target(), value, scope, block.at());
    }

    private Object filtered(List<Statement> body, Expression filters, Scope scope) {
        Scope inner = scope.inner();
        inner.set(Statement.SetBlock.TEXT, captured(body, inner));
        return evaluator.evaluate(filters, inner);
    }

    private String captured(List<Statement> body, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        run(body, scope);
        String text = out.toString();
        out = outer;
        return text;
    }

    private Callable macro(Statement.Macro macro, Scope definition) {
        budget.makeElements(8); // what a macro keeps: its scope
        return arguments -> {
            budget.enter();
            Scope scope = definition.inner();
            Arguments own = arguments;
            if (macro.takesCaller()) {
                Object caller = arguments.named().get(Statement.Macro.CALLER);
                scope.set(Statement.Macro.CALLER, caller == null ? new Undefined("'caller'") : caller);
                own = arguments.without(Statement.Macro.CALLER);
            }
            List<String> parameters = macro.parameters();
            Arguments.Bound bound = own.bind("macro " + macro.name(), 0, parameters.toArray(String[]::new));
            int optional = parameters.size() - macro.defaults().size();
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i);
                if (bound.has(i)) {
                    scope.set(name, bound.get(i, null));
                } else if (i >= optional) {
                    scope.set(name, evaluator.evaluate(macro.defaults().get(i - optional), scope));
                } else {
                    scope.set(name, new Undefined("the argument '" + name + "' of macro " + macro.name()));
                }
            }
            String text = captured(macro.body(), scope);
            budget.leave();
            return text;
        };
    }
}
