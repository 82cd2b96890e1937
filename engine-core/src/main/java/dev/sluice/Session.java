package dev.sluice;

import dev.sluice.op.SequenceState;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One sequence of tokens and the state the model has of it. A session is confined: one thread may use it at a time, and
 * a second one is refused with an exception; many sessions of a model may be used at once, and take turns step by step.
 * Closing it frees its memory at once. Calls block, and may be made from virtual threads.
 */
public final class Session implements AutoCloseable {
    private static final LogitsConsumer NOBODY = (position, row) -> {};

    private final Model model;
    private final SessionOptions options;
    private final SequenceState state;
    private final float[] logits;
    private final AtomicBoolean busy = new AtomicBoolean();
    private int[] tokens;
    private boolean closed;

    Session(Model model, SessionOptions options, SequenceState state, int[] tokens) {
        this.model = model;
        this.options = options;
        this.state = state;
        this.tokens = tokens;
        this.logits = new float[model.vocabularySize()];
    }

    /** {@return the model it was opened on} */
    public Model model() {
        return model;
    }

    /** {@return what it was made for} */
    public SessionOptions options() {
        return options;
    }

    /** {@return number of tokens held} */
    public int position() {
        return state.length();
    }

    /** {@return the tokens held, oldest first} */
    public List<Integer> tokens() {
        return Arrays.stream(tokens, 0, state.length()).boxed().toList();
    }

    /** {@return bytes of state held now; blocks shared with forks count in each} */
    public long bytes() {
        return state.bytes();
    }

    /**
     * Reads tokens.
     *
     * @param ids each an id of the vocabulary, one at least
     * @return the logits of the last one, {@code [vocabulary]}; the caller's own
     * @throws IllegalArgumentException if there are none, an id is outside the vocabulary, or the context has no room
     * @throws IllegalStateException if the session or its model is closed, or another thread uses it
     */
    public float[] forward(int... ids) {
        float[] last = new float[logits.length];
        forward(ids, last);
        return last;
    }

    /**
     * Reads tokens. Once warm it allocates nothing on the heap; outside it, keys and values take memory as tokens come.
     *
     * @param ids each an id of the vocabulary, one at least
     * @param last receives the logits of the last one, {@code [vocabulary]}
     * @throws IllegalArgumentException if there are no tokens, an id is outside the vocabulary, the context has no room, or
     *     {@code last} has another length
     * @throws IllegalStateException if the session or its model is closed, or another thread uses it
     */
    public void forward(int[] ids, float[] last) {
        if (last.length != logits.length) {
            throw new IllegalArgumentException(
                    "room for " + last.length + " logits; the vocabulary has " + logits.length);
        }
        begin();
        try {
            read(ids, false, null, NOBODY);
            System.arraycopy(logits, 0, last, 0, last.length);
        } finally {
            busy.set(false);
        }
    }

    /**
     * Reads tokens and hands over the logits of every one, in order; memory does not grow with their number. Errors are
     * those of {@link #forward(int...)}.
     *
     * @param ids each an id of the vocabulary, one at least
     * @param consumer called once for each id, on this thread; it must not use the session
     */
    public void forward(int[] ids, LogitsConsumer consumer) {
        use(() -> {
            read(ids, true, null, consumer);
            return null;
        });
    }

    /**
     * Reads a prompt and generates; blocks until the end.
     *
     * @param prompt what to continue
     * @param options how
     * @return the whole generation
     * @throws IllegalArgumentException if the prompt is empty or longer than the context, or an option out of its range
     */
    public GenerateResult generate(Prompt prompt, GenerateOptions options) {
        return generate(prompt, options, event -> {});
    }

    /**
     * Reads a prompt and generates, telling the listener. The tokens generated stay in the session, except the last,
     * which no step has read yet.
     *
     * @param prompt what to continue
     * @param options how
     * @param listener called on this thread; what it throws ends the generation and is thrown on
     * @return the whole generation
     * @throws IllegalArgumentException if the prompt is empty or longer than the context, or a setting is out of its range
     * @throws dev.sluice.gguf.GgufException if a {@code general.sampling.*} key of the file has a bad value, or its weights
     *     give logits that nothing can be drawn from, as NaN
     */
    public GenerateResult generate(Prompt prompt, GenerateOptions options, Consumer<GenerateEvent> listener) {
        return use(() -> new Generation(this, options, listener).run(prompt));
    }

    /** {@return an independent session that holds the same tokens} Memory is shared until one of them writes to it. */
    public Session fork() {
        return use(() -> new Session(model, options, state.copy(), tokens.clone()));
    }

    /** Forgets all tokens. */
    public void reset() {
        use(() -> {
            state.clear();
            return null;
        });
    }

    /** Closing twice is allowed. */
    @Override
    public void close() {
        enter();
        try {
            if (!closed) {
                closed = true;
                state.close();
            }
        } finally {
            busy.set(false);
        }
    }

    // For Generation, inside use()

    int room() {
        return options.contextLength() - state.length();
    }

    float[] logits() {
        return logits;
    }

    /** Number of leading ids that the session holds, if it holds nothing else; 0 otherwise. */
    int heldPrefix(int[] ids) {
        int held = state.length();
        return held <= ids.length && Arrays.equals(tokens, 0, held, ids, 0, held) ? held : 0;
    }

    void clear() {
        state.clear();
    }

    /** Reads ids to the end, the logits of the last left in {@link #logits()}; false if cancelled before. */
    boolean read(int[] ids, Cancellation cancellation) {
        return read(ids, false, cancellation, NOBODY);
    }

    private boolean read(int[] ids, boolean all, Cancellation cancellation, LogitsConsumer consumer) {
        check(ids);
        int held = state.length();
        if (tokens.length < held + ids.length) {
            tokens = Arrays.copyOf(
                    tokens, Math.max(held + ids.length, (int) Math.min(2L * tokens.length, options.contextLength())));
        }
        System.arraycopy(ids, 0, tokens, held, ids.length);
        int piece = model.bound().maxRows(all);
        for (int from = 0; from < ids.length; from += piece) {
            if (cancellation != null
                    && (cancellation.isCancelled() || Thread.currentThread().isInterrupted())) {
                return false;
            }
            int count = Math.min(piece, ids.length - from);
            boolean wanted = all || from + count == ids.length;
            model.bound().step(state, ids, from, count, all, logits, wanted ? consumer : null);
        }
        return true;
    }

    private void check(int[] ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("no tokens to read");
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= logits.length) {
                throw new IllegalArgumentException(
                        "token " + ids[i] + " at index " + i + " is outside the vocabulary of " + logits.length);
            }
        }
        if (ids.length > room()) {
            throw new IllegalArgumentException(ids.length + " tokens do not fit: the context of "
                    + options.contextLength() + " has room for " + room());
        }
    }

    private interface Action<T> {
        T run();
    }

    private <T> T use(Action<T> action) {
        begin();
        try {
            return action.run();
        } finally {
            busy.set(false);
        }
    }

    private void begin() {
        enter();
        if (closed) {
            busy.set(false);
            throw new IllegalStateException("the session is closed");
        }
        try {
            model.bound().requireOpen();
        } catch (IllegalStateException e) {
            busy.set(false);
            throw e;
        }
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("the session is in use; a session serves one call at a time");
        }
    }
}
