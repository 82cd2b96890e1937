package dev.sluice.cpu;

/** Working memory that is reserved while a model is bound. When it is only planned, its size is counted and none is taken. */
final class Floats {
    private final boolean planned;
    private long size;
    private float[] array = {};

    Floats(boolean planned) {
        this.planned = planned;
    }

    /** Makes room for so many values; what was held is lost. */
    void reserve(long values) {
        if (values > size) {
            size = values;
            if (!planned) {
                array = new float[Math.toIntExact(values)];
            }
        }
    }

    /** The values: as many as were reserved, or none when planned. */
    float[] array() {
        return array;
    }

    long bytes() {
        return Float.BYTES * size;
    }
}
