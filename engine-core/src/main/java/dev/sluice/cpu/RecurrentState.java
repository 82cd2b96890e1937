package dev.sluice.cpu;

import dev.sluice.op.LayerState;
import dev.sluice.op.StateSpec;
import java.lang.foreign.MemorySegment;

/**
 * The state of one Gated DeltaNet layer and one sequence, F32: for each value head its matrix in stretches of value
 * dimensions, {@code [stretches][head length: key dimension][STRETCH]}, each what one part of the work reads and writes; then
 * the last {@code kernel - 1} convolution inputs, oldest first.
 */
final class RecurrentState implements LayerState {
    private Block block;
    private final long convolutionAt;

    RecurrentState(StateSpec.Recurrent spec) {
        this(new Block(bytes(spec)), matrixBytes(spec));
    }

    private RecurrentState(Block block, long convolutionAt) {
        this.block = block;
        this.convolutionAt = convolutionAt;
    }

    /** Bytes of one state. */
    static long bytes(StateSpec.Recurrent spec) {
        return matrixBytes(spec) + 4L * (spec.kernel() - 1) * spec.channels();
    }

    private static long matrixBytes(StateSpec.Recurrent spec) {
        return spec.heads() * DeltaBlock.headBytes(spec.headLength());
    }

    /** The whole state, writable. */
    MemorySegment memory() {
        block = block.own();
        return block.memory();
    }

    /** Byte offset of the convolution inputs. */
    long convolutionAt() {
        return convolutionAt;
    }

    @Override
    public long bytes() {
        return block.bytes();
    }

    @Override
    public LayerState copy() {
        return new RecurrentState(block.share(), convolutionAt);
    }

    @Override
    public void clear() {
        memory().fill((byte) 0);
    }

    @Override
    public void close() {
        block.release();
    }
}
