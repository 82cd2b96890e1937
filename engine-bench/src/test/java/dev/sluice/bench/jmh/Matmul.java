package dev.sluice.bench.jmh;

import dev.sluice.gguf.TensorType;
import dev.sluice.op.Buf;
import dev.sluice.op.Weight;
import java.util.List;

/** The largest matrix of a model times some rows; each call takes another copy of it, if the caches could keep one. */
final class Matmul {
    private final Fixture fixture;
    private final List<Weight> weights;
    private final Buf x;
    private final Buf out;
    private int next;

    Matmul(Fixture fixture, String shape, String type) {
        Shape s = Shape.of(shape);
        this.fixture = fixture;
        weights = fixture.weights(TensorType.valueOf(type), s.embedding(), s.outputs());
        x = fixture.filled("x", s.embedding());
        out = fixture.ops().buf("out", s.outputs());
        weights.forEach(w -> run()); // a weight may be brought into another form when it is first used
    }

    void run() {
        Weight w = weights.get(next++ % weights.size());
        fixture.run(() -> fixture.ops().matmul(x, w, out));
    }
}
