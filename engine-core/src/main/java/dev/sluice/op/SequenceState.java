package dev.sluice.op;

import java.util.Arrays;

/** The layer states of one sequence and the number of rows they have seen. Owned by a session. */
public final class SequenceState implements AutoCloseable {
    private final LayerState[] layers;
    private int length;

    /** Takes ownership of {@code layers}, one for each layer of the model, in order. */
    public SequenceState(LayerState[] layers) {
        this.layers = layers.clone();
    }

    /** Rows that the states have seen: the index of the next row. */
    public int length() {
        return length;
    }

    public LayerState layer(int index) {
        return layers[index];
    }

    /** After a step: {@code rows} more rows have been seen. */
    public void advance(int rows) {
        length += rows;
    }

    public long bytes() {
        return Arrays.stream(layers).mapToLong(LayerState::bytes).sum();
    }

    public SequenceState copy() {
        LayerState[] copies = new LayerState[layers.length];
        for (int i = 0; i < layers.length; i++) {
            copies[i] = layers[i].copy();
        }
        SequenceState copy = new SequenceState(copies);
        copy.length = length;
        return copy;
    }

    public void clear() {
        for (LayerState layer : layers) {
            layer.clear();
        }
        length = 0;
    }

    @Override
    public void close() {
        for (LayerState layer : layers) {
            layer.close();
        }
    }
}
