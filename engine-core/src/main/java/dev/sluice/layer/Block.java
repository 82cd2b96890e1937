package dev.sluice.layer;

import dev.sluice.op.Buf;
import dev.sluice.op.StateSpec;
import java.util.Optional;

/** A residual block: reads the residual stream, normalises it, and adds what it computed. */
public interface Block {
    /**
     * residual += f(norm(residual)).
     *
     * @param residual the residual stream, H wide; in place
     */
    void forward(Buf residual);

    /** {@return what the block keeps between steps, if anything} */
    default Optional<StateSpec> state() {
        return Optional.empty();
    }
}
