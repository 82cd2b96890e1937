package dev.sluice.chat.jinja;

/**
 * What one rendering may still take. Templates come with model files and conversations from anywhere, so every step,
 * every character and list element made and every level of nesting is counted, and going beyond is an error.
 *
 * <p>Work is counted as a whole instead of limiting single strings or lists: many middling ones exhaust memory too.
 */
final class Budget {
    /** Units of work that every rendering may take, whatever its input. */
    static final long BASE_WORK = 32_000_000;

    /** Units of work for each unit of input: templates copy each message a handful of times. */
    static final long WORK_PER_INPUT = 32;

    /** Levels of nesting, of expressions, statements, calls and values together. Fits a thread stack of 512 KiB. */
    static final int MAX_DEPTH = 400;

    /** Weight of a list or dictionary element against a character, about as their memory. */
    private static final int ELEMENT = 8;

    private long work = BASE_WORK;
    private int depth;

    void allowInput(long units) {
        work += WORK_PER_INPUT * units;
    }

    /** Counts work: a step, or this many characters read or made. */
    void spend(long units) {
        work -= units;
        if (work < 0) {
            throw new JinjaException("the template takes too many steps or makes too much text");
        }
    }

    void spendElements(long count) {
        spend(ELEMENT * count);
    }

    /** Counts a search, whose worst case is a comparison of the whole needle at every place. */
    void spendSearch(String text, String needle) {
        spend(text.length() * (1L + needle.length() / 16));
    }

    /** Counts a level of nesting. A failure ends the rendering, so callers need no {@code finally} for {@link #leave}. */
    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("nested deeper than " + MAX_DEPTH + " levels");
        }
        spend(1);
    }

    void leave() {
        depth--;
    }
}
