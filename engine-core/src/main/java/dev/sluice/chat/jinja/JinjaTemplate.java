package dev.sluice.chat.jinja;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A parsed template. Immutable and thread-safe. */
public final class JinjaTemplate {
    /** Longest template, in UTF-16 units. The longest ones of real models have some twenty thousand. */
    public static final int MAX_LENGTH = 1 << 18;

    private final String source;
    private final List<Statement> statements;
    private final Set<String> variables;

    private JinjaTemplate(String source) {
        this.source = source;
        Names names = new Names();
        this.statements = Parser.parse(source, names);
        Set<String> free = names.leave();
        free.removeAll(Globals.functions(new Budget()).keySet());
        this.variables = Collections.unmodifiableSet(new TreeSet<>(free));
    }

    /**
     * Parses a template as in an environment with {@code trim_blocks}, {@code lstrip_blocks} and the loop controls.
     *
     * @param source Jinja, at most {@link #MAX_LENGTH} UTF-16 units
     * @return the template
     * @throws JinjaException if it is malformed, or has statements that are not supported
     */
    public static JinjaTemplate parse(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new JinjaException("the template has " + source.length() + " characters, more than " + MAX_LENGTH);
        }
        return new JinjaTemplate(Lexer.normalize(source));
    }

    /** {@return the names that it reads and does not set itself, functions left out; in alphabetical order} */
    public Set<String> variables() {
        return variables;
    }

    /**
     * {@return the text that it makes of these variables: null, booleans, numbers, strings, lists and maps of them}
     *
     * @param variables by name; copied
     * @throws JinjaException if something goes wrong, or the limits on work and nesting are reached
     */
    public String render(Map<String, Object> variables) {
        Budget budget = new Budget();
        Map<String, Object> known = Globals.functions(budget);
        variables.forEach((name, value) -> known.put(name, Values.normalize(value, budget)));
        Interpreter interpreter = new Interpreter(budget);
        try {
            return interpreter.render(statements, Scope.of(known));
        } catch (JinjaException e) {
            throw e.at(source, interpreter.at());
        } catch (StackOverflowError e) {
            // The limit on nesting suits the default stack; the caller's thread may have less.
            throw new JinjaException("nested deeper than the stack of this thread allows").at(source, interpreter.at());
        }
    }
}
