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

    /** A step of up to {@code maxRows} rows. */
    public Step(int maxRows) {
        tokens = new int[maxRows];
        positions = new int[maxRows];
        wanted = new int[maxRows];
        spanStates = new SequenceState[maxRows];
        spanFirsts = new int[maxRows];
        spanCounts = new int[maxRows];
    }

    public int maxRows() {
        return tokens.length;
    }

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

    public int rows() {
        return rows;
    }

    public int token(int row) {
        return tokens[row];
    }

    /** Rotary position of a row. */
    public int position(int row) {
        return positions[row];
    }

    /** Number of rows whose logits are wanted. */
    public int wantedRows() {
        return wantedRows;
    }

    /** Row of the {@code i}-th wanted logits. */
    public int wantedRow(int i) {
        return wanted[i];
    }

    public int spans() {
        return spans;
    }

    public SequenceState spanState(int span) {
        return spanStates[span];
    }

    /** First row of a span in this step. */
    public int spanFirst(int span) {
        return spanFirsts[span];
    }

    /** Rows of a span. Their index in the sequence starts at the state's length. */
    public int spanCount(int span) {
        return spanCounts[span];
    }
}
