package dev.sluice.op;

import java.util.Arrays;

/**
 * What one run of a forward is about: rows, and whose they are. The rows of a sequence are adjacent (a span), so that
 * several sequences in one step need no second path. Reused from step to step; filled by one thread.
 */
public final class Step {
    private final int[] tokens;
    private final int[] positions;
    private final int[] wanted;
    private int rows;
    private int wantedRows;

    private final SequenceState[] spanStates;
    private final int[] spanFirsts;
    private final int[] spanCounts;
    private int spans;

    /**
     * A step of up to {@code maxRows} rows.
     *
     * @param maxRows 1 or more
     */
    public Step(int maxRows) {
        tokens = new int[maxRows];
        positions = new int[maxRows];
        wanted = new int[maxRows];
        spanStates = new SequenceState[maxRows];
        spanFirsts = new int[maxRows];
        spanCounts = new int[maxRows];
    }

    /** {@return rows that it can have} */
    public int maxRows() {
        return tokens.length;
    }

    /** Makes it empty. */
    public void clear() {
        Arrays.fill(spanStates, 0, spans, null);
        rows = 0;
        wantedRows = 0;
        spans = 0;
    }

    /**
     * Adds the next {@code count} rows of a sequence.
     *
     * @param ids token ids; those from {@code from} to {@code from + count} are taken
     * @param allLogits logits of every row are wanted, otherwise of none but the last
     * @param lastLogits logits of the last row are wanted
     * @param state that of the sequence; not advanced here
     * @param from index in {@code ids} of the first row's token
     * @param count rows, 1 or more
     * @throws IllegalArgumentException if there is no room for them
     */
    public void add(SequenceState state, int[] ids, int from, int count, boolean allLogits, boolean lastLogits) {
        if (count < 1 || rows + count > tokens.length) {
            throw new IllegalArgumentException(
                    "a step of " + rows + " + " + count + " rows; the largest is " + tokens.length);
        }
        spanStates[spans] = state;
        spanFirsts[spans] = rows;
        spanCounts[spans] = count;
        spans++;
        for (int i = 0; i < count; i++) {
            tokens[rows] = ids[from + i];
            positions[rows] = state.length() + i;
            if (allLogits || (lastLogits && i == count - 1)) {
                wanted[wantedRows++] = rows;
            }
            rows++;
        }
    }

    /** {@return rows of all spans} */
    public int rows() {
        return rows;
    }

    /**
     * {@return token id of a row}
     *
     * @param row from 0, below {@link #rows()}
     */
    public int token(int row) {
        return tokens[row];
    }

    /**
     * {@return rotary position of a row}
     *
     * @param row from 0, below {@link #rows()}
     */
    public int position(int row) {
        return positions[row];
    }

    /** {@return number of rows whose logits are wanted} */
    public int wantedRows() {
        return wantedRows;
    }

    /**
     * {@return row of the {@code i}-th wanted logits}
     *
     * @param i from 0, below {@link #wantedRows()}
     */
    public int wantedRow(int i) {
        return wanted[i];
    }

    /** {@return number of sequences that have rows here} */
    public int spans() {
        return spans;
    }

    /**
     * {@return the state of a span's sequence}
     *
     * @param span from 0, below {@link #spans()}
     */
    public SequenceState spanState(int span) {
        return spanStates[span];
    }

    /**
     * {@return first row of a span in this step}
     *
     * @param span from 0, below {@link #spans()}
     */
    public int spanFirst(int span) {
        return spanFirsts[span];
    }

    /**
     * {@return rows of a span} Their index in the sequence starts at the state's length.
     *
     * @param span from 0, below {@link #spans()}
     */
    public int spanCount(int span) {
        return spanCounts[span];
    }
}
