package dev.sluice.op;

import java.util.Arrays;

/** The layer states of one sequence and the number of rows they have seen. Owned by a session. */
public final class SequenceState implements AutoCloseable {
    private final LayerState[] layers;
    private int length;

    /**
     * Takes ownership of {@code layers}, one for each layer of the model, in order.
     *
     * @param layers closed with this object
     */
    public SequenceState(LayerState[] layers) {
        this.layers = layers.clone();
    }

    /** {@return rows that the states have seen: the index of the next row} */
    public int length() {
        return length;
    }

    /**
     * {@return the state of a layer}
     *
     * @param index of the layer
     */
    public LayerState layer(int index) {
        return layers[index];
    }

    /**
     * After a step: {@code rows} more rows have been seen.
     *
     * @param rows 0 or more
     */
    public void advance(int rows) {
        length += rows;
    }

    /** {@return bytes held by all layers now; memory shared with a copy counts in both} */
    public long bytes() {
        return Arrays.stream(layers).mapToLong(LayerState::bytes).sum();
    }

    /** {@return a state that continues independently from here, to be closed by the caller} */
    public SequenceState copy() {
        LayerState[] copies = new LayerState[layers.length];
        for (int i = 0; i < layers.length; i++) {
            copies[i] = layers[i].copy();
        }
        SequenceState copy = new SequenceState(copies);
        copy.length = length;
        return copy;
    }

    /** Back to the start of a sequence. */
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
