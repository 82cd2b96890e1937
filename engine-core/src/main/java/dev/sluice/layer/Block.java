package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.StateSpec;
import java.util.Optional;

/** A residual block: reads the residual stream, normalises it, and adds what it computed. */
public interface Block {
    /** residual += f(norm(residual)). */
    void forward(Buf residual);

    /** What the block keeps between steps, if anything. */
    default Optional<StateSpec> state() {
        return Optional.empty();
    }
}
