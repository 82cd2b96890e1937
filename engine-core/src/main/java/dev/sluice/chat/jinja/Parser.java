package dev.sluice.chat.jinja;

import dev.sluice.chat.jinja.Statement.Target;
import dev.sluice.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Statements. */
final class Parser {
    private static final Set<String> RESERVED =
            Set.of("true", "True", "false", "False", "none", "None", "and", "or", "not", "if", "else", "in", "is");

    private static final Expression TEXT = new Expression.Name(Statement.SetBlock.TEXT);

    private final Tokens tokens;
    private final Names names;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
        this.expressions = new ExpressionParser(tokens, names);
    }

    /** The statements of a normalized template, whose names are noted. */
    static List<Statement> parse(String source, Names names) {
        Tokens tokens = new Tokens(Lexer.tokenize(source));
        Parser parser = new Parser(tokens, names);
        try {
            return parser.body(Set.of());
        } catch (JinjaException e) {
            throw e.at(source, tokens.peek().at());
        }
    }

    /** Statements up to one of these tags, whose {@code {%} is passed and whose name is the next token; none: up to the end. */
    private List<Statement> body(Set<String> ends) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(tokens.take().text()));
                case VARIABLE_BEGIN -> {
                    tokens.take();
                    statements.add(new Statement.Print(expressions.parseTuple(true), token.at()));
                    tokens.expect(Kind.VARIABLE_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    tokens.take();
                    Token name = tokens.peek();
                    if (name.kind() == Kind.NAME && ends.contains(name.text())) {
                        tokens.leave();
                        return List.copyOf(statements);
                    }
                    statements.add(statement());
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.unexpected("{% "
                                + String.join(
                                        " %} or {% ", ends.stream().sorted().toList()) + " %}");
                    }
                    tokens.leave();
                    return List.copyOf(statements);
                }
            }
        }
    }

    /** A statement after its {@code {%}, and the end of its tag. */
    private Statement statement() {
        Token name = tokens.expect(Kind.NAME, "a statement");
        return switch (name.text()) {
            case "if" -> ifStatement(name.at());
            case "for" -> forStatement(name.at());
            case "set" -> setStatement(name.at());
            case "macro" -> {
                String macro = variableName();
                names.set(macro);
                yield macro(macro, signature("macro " + macro), "endmacro", name.at());
            }
            case "call" -> callStatement(name.at());
            case "filter" -> filterStatement(name.at());
            case "with" -> withStatement(name.at());
            case "generation" -> { // marks the assistant's tokens for training; nothing to a prompt
                openBody();
                yield new Statement.Scoped(block("endgeneration"));
            }
            case "break" -> inLoop(name, new Statement.Break());
            case "continue" -> inLoop(name, new Statement.Continue());
            default ->
                throw new JinjaException("the statement '" + name.text() + "' is not supported or not expected here");
        };
    }

    private void endTag() {
        tokens.expect(Kind.BLOCK_END, "'%}'");
    }

    /** The end of a tag that a body follows. As in Python, a colon may stand there. */
    private void openBody() {
        tokens.takeOperator(":");
        endTag();
    }

    /** Statements with names of their own up to a closing tag, which is passed. */
    private List<Statement> block(String end) {
        names.enter();
        List<Statement> body = body(Set.of(end));
        names.readAll(names.leave());
        closeBlock();
        return body;
    }

    /** Passes the name of a closing tag and its end. */
    private void closeBlock() {
        tokens.take();
        endTag();
    }

    private Statement inLoop(Token name, Statement statement) {
        if (loops == 0) {
            throw new JinjaException("'" + name.text() + "' stands outside a loop");
        }
        endTag();
        return statement;
    }

    private Statement ifStatement(int at) {
        List<Statement.If.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        int branchAt = at;
        while (true) {
            Expression condition = expressions.parseTuple(false);
            openBody();
            branches.add(new Statement.If.Branch(condition, body(Set.of("elif", "else", "endif")), branchAt));
            Token end = tokens.take();
            branchAt = end.at();
            if (end.isName("elif")) {
                continue;
            }
            if (end.isName("else")) {
                openBody();
                otherwise = body(Set.of("endif"));
                tokens.take();
            }
            endTag();
            return new Statement.If(List.copyOf(branches), otherwise);
        }
    }

    private Statement forStatement(int at) {
        Target target = targets(false);
        if (!tokens.takeName("in")) {
            throw tokens.unexpected("'in'");
        }
        Expression iterable = expressions.parseTuple(false);
        names.enter();
        names.set("loop");
        set(target);
        Optional<Expression> condition = tokens.takeName("if") ? Optional.of(expressions.parse()) : Optional.empty();
        if (tokens.peek().isName("recursive")) {
            throw new JinjaException("recursive loops are not supported");
        }
        openBody();
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"));
        loops--;
        names.readAll(names.leave());
        if (!tokens.takeName("else")) {
            closeBlock();
            return new Statement.For(target, iterable, condition, body, List.of(), at);
        }
        openBody();
        List<Statement> otherwise = block("endfor");
        return new Statement.For(target, iterable, condition, body, otherwise, at);
    }

    private Statement setStatement(int at) {
        Target target = targets(true);
        if (tokens.takeOperator("=")) {
            Expression value = expressions.parseTuple(true);
            endTag();
            set(target);
            return new Statement.Set(target, value, at);
        }
        Expression filters = expressions.parseFilters(TEXT);
        openBody();
        List<Statement> body = block("endset");
        set(target);
        return new Statement.SetBlock(target, filters == TEXT ? Optional.empty() : Optional.of(filters), body, at);
    }

    private Statement filterStatement(int at) {
        Expression filters = expressions.parseFilterChain(TEXT);
        openBody();
        return new Statement.FilterBlock(filters, block("endfilter"), at);
    }

    private Statement withStatement(int at) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(targets(false));
            tokens.expectOperator("=");
            values.add(expressions.parse());
        }
        openBody();
        names.enter();
        targets.forEach(this::set);
        List<Statement> body = block("endwith");
        names.readAll(names.leave());
        return new Statement.With(List.copyOf(targets), List.copyOf(values), body, at);
    }

    private Statement callStatement(int at) {
        Signature signature = tokens.peek().isOperator("(") ? signature("a call") : new Signature(List.of(), List.of());
        if (!(expressions.parse() instanceof Expression.Call call)) {
            throw new JinjaException("expected a call of a macro after 'call'");
        }
        return new Statement.CallBlock(call, macro(Statement.Macro.CALLER, signature, "endcall", at), at);
    }

    /** Notes the names that a target sets. */
    private void set(Target target) {
        switch (target) {
            case Target.Variable variable -> names.set(variable.name());
            case Target.Member member -> names.read(member.namespace());
            case Target.Several several -> several.targets().forEach(this::set);
        }
    }

    private Target targets(boolean members) {
        Target first = target(members);
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.takeOperator(",")
                && !tokens.peek().isName("in")
                && !tokens.peek().isOperator("=")) {
            targets.add(target(members));
        }
        return new Target.Several(List.copyOf(targets));
    }

    private Target target(boolean members) {
        if (tokens.takeOperator("(")) {
            tokens.enter();
            Target inner = targets(members);
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = variableName();
        if (members && tokens.takeOperator(".")) {
            return new Target.Member(name, tokens.expect(Kind.NAME, "a name").text());
        }
        return new Target.Variable(name);
    }

    private String variableName() {
        Token name = tokens.peek();
        if (name.kind() != Kind.NAME || RESERVED.contains(name.text())) {
            throw tokens.unexpected("a variable name");
        }
        return tokens.take().text();
    }

    private record Signature(List<String> parameters, List<Expression> defaults) {}

    /** Parameters in parentheses. */
    private Signature signature(String what) {
        tokens.expectOperator("(");
        names.enter();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!tokens.takeOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(variableName());
            names.set(parameters.getLast());
            if (tokens.takeOperator("=")) {
                defaults.add(expressions.parse());
            } else if (!defaults.isEmpty()) {
                throw new JinjaException(
                        "the parameter " + parameters.getLast() + " has no default, and one before it has");
            }
        }
        if (new HashSet<>(parameters).size() < parameters.size()) {
            throw new JinjaException("two parameters of " + what + " have the same name");
        }
        names.readAll(names.leave());
        return new Signature(List.copyOf(parameters), List.copyOf(defaults));
    }

    /** The body of a macro, from the end of its opening tag to that of the closing one. */
    private Statement.Macro macro(String name, Signature signature, String end, int at) {
        openBody();
        int outer = loops;
        loops = 0;
        names.enter();
        signature.parameters().forEach(names::set);
        List<Statement> body = body(Set.of(end));
        closeBlock();
        Set<String> free = names.leave();
        loops = outer;
        if (free.contains("varargs") || free.contains("kwargs")) {
            throw new JinjaException("'varargs' and 'kwargs' in a macro are not supported");
        }
        boolean takesCaller = free.remove(Statement.Macro.CALLER);
        names.readAll(free);
        return new Statement.Macro(name, signature.parameters(), signature.defaults(), body, takesCaller, at);
    }
}
