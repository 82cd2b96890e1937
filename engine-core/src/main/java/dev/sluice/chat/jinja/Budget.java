package dev.sluice.chat.jinja;

/**
 * What one rendering may still take. Templates come with model files and conversations from anywhere, so every step,
 * every character and list element made and every level of nesting is counted, and going beyond is an error.
 *
 * <p>What is made is counted as a whole, garbage too, instead of limiting single strings or lists: many middling ones
 * exhaust memory as well.
 */
public final class Budget {
    /** Units of work that every rendering may take, whatever its input. A unit is a few nanoseconds. */
    public static final long BASE_WORK = 32_000_000;

    /** Characters that every rendering may make. With the copies of growing buffers they fit a heap of 64 MiB. */
    public static final long BASE_MEMORY = 4_000_000;

    /** Units of work and characters for each character of input: templates copy each message a dozen times. */
    public static final long PER_INPUT = 64;

    /** Levels of nesting, of expressions, statements, calls and values together. Fits a thread stack of 512 KiB. */
    public static final int MAX_DEPTH = 400;

    /** Characters that take as much memory as an element of a list and a number in it. */
    static final int ELEMENT = 16;

    private long work = BASE_WORK;
    private long memory = BASE_MEMORY;
    private int depth;

    Budget() {}

    void allowInput(long units) {
        work += PER_INPUT * units;
        memory += PER_INPUT * units;
    }

    /** Counts work: a step, or this many characters read. */
    void spend(long units) {
        work -= units;
        if (work < 0) {
            throw new JinjaException("the template takes too many steps");
        }
    }

    /** Counts characters made; to be called before they are. */
    void make(long characters) {
        spend(characters);
        memory -= characters;
        if (memory < 0) {
            throw new JinjaException("the template makes too much text or too many values");
        }
    }

    /** Counts elements of lists and dictionaries made. */
    void makeElements(long count) {
        make(ELEMENT * count);
    }

    /** Counts elements made that are short strings of their own. */
    void makeStrings(long count) {
        makeElements(3 * count);
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
