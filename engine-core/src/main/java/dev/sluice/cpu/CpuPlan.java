package dev.sluice.cpu;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds what a model takes, without taking it: weights are bound and empty steps run, but buffers have no memory, and no
 * weight is copied.
 */
public final class CpuPlan extends CpuOps {
    private final int maxRows;
    private final Map<String, Long> bytes = new HashMap<>();

    /** @param maxRows rows of the largest step */
    public CpuPlan(int maxRows) {
        super(1, maxRows, Packing.intoFreeHeap().planned());
        this.maxRows = maxRows;
    }

    @Override
    public CpuBuf buf(String name, int width) {
        bytes.put(name + ":" + width, (long) Float.BYTES * maxRows * width);
        return new CpuBuf(new float[0], 0, width, width);
    }

    @Override
    public long scratchBytes() {
        return super.scratchBytes() + bytes.values().stream().mapToLong(n -> n).sum();
    }
}
