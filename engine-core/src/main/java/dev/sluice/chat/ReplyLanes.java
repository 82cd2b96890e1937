package dev.sluice.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits the streamed reply of a model into lanes. Reasoning runs from {@code <think>}, in the prompt or as the first
 * thing in the reply, to {@code </think>}; the newlines around it and those before the content are dropped. Whatever may
 * still turn out to be a marker is held back. Tool calls are content. Not thread-safe; one instance a reply.
 */
public final class ReplyLanes {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    /**
     * A part of the reply; never empty.
     *
     * @param lane thinking or answer
     * @param text never empty
     */
    public record Piece(Lane lane, String text) {}

    private enum State {
        /** Only white space so far: the reply may open with a marker. */
        START,
        /** Inside reasoning, nothing said yet. */
        REASONING_START,
        REASONING,
        /** After reasoning, nothing said yet. */
        CONTENT_START,
        CONTENT
    }

    private final StringBuilder held = new StringBuilder();
    private State state;

    private ReplyLanes(State state) {
        this.state = state;
    }

    /**
     * For the reply to this prompt, whose end tells whether reasoning is open already.
     *
     * @param renderedPrompt the text that the model continues
     * @return a splitter at the start of the reply
     */
    public static ReplyLanes after(String renderedPrompt) {
        return new ReplyLanes(renderedPrompt.stripTrailing().endsWith(OPEN) ? State.REASONING_START : State.START);
    }

    /**
     * {@return the pieces that are certain after this text, in order}
     *
     * @param chunk the next text of the reply; may end anywhere
     */
    public List<Piece> accept(String chunk) {
        held.append(chunk);
        List<Piece> pieces = new ArrayList<>();
        State before;
        do {
            before = state;
            advance(pieces);
        } while (state != before);
        return pieces;
    }

    /**
     * {@return the rest} The reply is over: what was held back was no marker. Newlines at the end of reasoning are
     * dropped.
     */
    public List<Piece> finish() {
        List<Piece> pieces = new ArrayList<>();
        switch (state) {
            case START, CONTENT, CONTENT_START -> emit(pieces, Lane.CONTENT, held.length());
            case REASONING_START, REASONING -> emit(pieces, Lane.REASONING, newlinesBefore(held.length()));
        }
        held.setLength(0);
        state = State.CONTENT;
        return pieces;
    }

    private void advance(List<Piece> pieces) {
        switch (state) {
            case START -> {
                int start = 0;
                while (start < held.length() && Character.isWhitespace(held.charAt(start))) {
                    start++;
                }
                if (held.indexOf(OPEN, start) == start) {
                    held.delete(0, start + OPEN.length());
                    state = State.REASONING_START;
                } else if (!OPEN.startsWith(held.substring(start))) {
                    state = State.CONTENT;
                }
            }
            case REASONING_START -> {
                if (dropNewlines()) {
                    state = State.REASONING;
                }
            }
            case REASONING -> {
                int close = held.indexOf(CLOSE);
                if (close >= 0) {
                    int end = newlinesBefore(close);
                    emit(pieces, Lane.REASONING, end);
                    held.delete(0, close - end + CLOSE.length());
                    state = State.CONTENT_START;
                } else {
                    emit(pieces, Lane.REASONING, newlinesBefore(partialClose()));
                }
            }
            case CONTENT_START -> {
                if (dropNewlines()) {
                    state = State.CONTENT;
                }
            }
            case CONTENT -> emit(pieces, Lane.CONTENT, held.length());
        }
    }

    /** Drops newlines at the start of what is held; whether there is other text after them. */
    private boolean dropNewlines() {
        int end = 0;
        while (end < held.length() && held.charAt(end) == '\n') {
            end++;
        }
        held.delete(0, end);
        return !held.isEmpty();
    }

    private int newlinesBefore(int end) {
        int start = end;
        while (start > 0 && held.charAt(start - 1) == '\n') {
            start--;
        }
        return start;
    }

    /** Where a beginning of the closing marker starts at the end of what is held; its length if there is none. */
    private int partialClose() {
        for (int start = Math.max(0, held.length() - CLOSE.length() + 1); start < held.length(); start++) {
            if (CLOSE.startsWith(held.substring(start))) {
                return start;
            }
        }
        return held.length();
    }

    private void emit(List<Piece> pieces, Lane lane, int length) {
        if (length > 0) {
            pieces.add(new Piece(lane, held.substring(0, length)));
            held.delete(0, length);
        }
    }
}
