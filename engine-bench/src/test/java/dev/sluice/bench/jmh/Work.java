package dev.sluice.bench.jmh;

import dev.sluice.gguf.TensorType;

/**
 * What one call of a verb must do at least.
 *
 * @param flop floating-point operations, a multiply-add being two, an exponential one
 * @param bytes of weights, states, inputs and outputs, each once
 */
record Work(double flop, double bytes) {
    /** @param type empty where the verb has no weights */
    static Work of(String verb, String shape, String type, int rows) {
        Shape s = Shape.of(shape);
        return switch (verb) {
            case "matmul" -> {
                long elements = (long) s.embedding() * s.outputs();
                yield new Work(
                        2.0 * rows * elements,
                        TensorType.valueOf(type).bytes(elements) + 4.0 * rows * (s.embedding() + s.outputs()));
            }
            case "experts" -> {
                long elements = 3L * s.embedding() * s.hidden();
                // Rows that choose at random leave hardly any expert out once there are many of them.
                double met = s.experts() * (1 - Math.pow(1 - (double) s.expertsUsed() / s.experts(), rows));
                yield new Work(
                        2.0 * rows * s.expertsUsed() * elements,
                        met * TensorType.valueOf(type).bytes(elements) + 8.0 * rows * s.embedding());
            }
            case "attend" -> {
                double keys = AttentionBenchmark.DEPTH + (rows + 1) / 2.0; // that a row sees, on average
                int width = s.heads() * s.headLength();
                int cached = AttentionBenchmark.DEPTH + rows;
                yield new Work(
                        4.0 * rows * keys * width,
                        2.0 * 2 * cached * s.kvHeads() * s.headLength()
                                + 4.0 * rows * (3 * width + 2 * s.kvHeads() * s.headLength()));
            }
            case "gatedDeltaNet" -> {
                double state = (double) s.valueHeads() * s.stateSize() * s.stateSize();
                double keys = s.keyHeads() * (double) s.stateSize();
                double values = s.valueHeads() * (double) s.stateSize();
                double channels = 2 * keys + values;
                int taps = DeltaBenchmark.TAPS;
                // Convolution with its SiLU; norm of queries and keys; for each element of the state decay, what
                // it says of the key, correction, and the query's answer; norm and gate of the output.
                double flop = (2 * taps + 4) * channels + 4 * 2 * keys + 7 * state + (4 + 5) * values;
                yield new Work(
                        rows * flop,
                        4 * (2 * state + channels * (2 * (taps - 1) + taps))
                                + 4.0 * rows * (channels + 2 * s.valueHeads() + 2 * values));
            }
            case "rmsNorm" -> new Work(4.0 * rows * s.embedding(), 4.0 * s.embedding() * (2 * rows + 1));
            case "siluMul" -> new Work(5.0 * rows * s.hidden(), 4.0 * 3 * rows * s.hidden());
            default -> throw new IllegalArgumentException("verb " + verb);
        };
    }
}
