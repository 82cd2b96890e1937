package dev.sluice.chat.jinja;

import dev.sluice.chat.jinja.Token.Kind;
import java.util.List;

/** The tokens of a template, read from first to last. */
final class Tokens {
    /** Levels of statements, parentheses and signs inside each other. */
    private static final int MAX_DEPTH = 100;

    private final List<Token> tokens;
    private int next;
    private int depth;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    /** The next token, which is passed; the end stays. */
    Token take() {
        Token token = peek();
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean takeOperator(String operator) {
        boolean found = peek().isOperator(operator);
        if (found) {
            next++;
        }
        return found;
    }

    boolean takeName(String name) {
        boolean found = peek().isName(name);
        if (found) {
            next++;
        }
        return found;
    }

    Token expect(Kind kind, String what) {
        if (peek().kind() != kind) {
            throw unexpected(what);
        }
        return take();
    }

    void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    JinjaException unexpected(String wanted) {
        return new JinjaException("expected " + wanted + ", found " + peek().describe());
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    void leave() {
        depth--;
    }
}
