package dev.sluice.bench.jmh;

import dev.sluice.gguf.TensorType;

/**
 * What one call of a verb must do at least.
 *
 * @param flop floating-point operations, a multiply-add being two
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
            case "convolve" -> {
                double channels = (2 * s.keyHeads() + s.valueHeads()) * (double) s.stateSize();
                yield new Work(
                        2.0 * rows * channels * DeltaBenchmark.TAPS,
                        4 * channels * (2.0 * rows + 3 * DeltaBenchmark.TAPS - 2));
            }
            case "deltaRule" -> {
                double state = (double) s.valueHeads() * s.stateSize() * s.stateSize();
                int channels = (2 * s.keyHeads() + 2 * s.valueHeads()) * s.stateSize();
                // Decay, what the state says of the key, the correction, and the query's answer: 7 for each element.
                yield new Work(7 * rows * state, 2 * 4 * state + 4.0 * rows * channels);
            }
            case "rmsNorm" -> new Work(4.0 * rows * s.embedding(), 4.0 * s.embedding() * (2 * rows + 1));
            // One exponential is counted as one operation.
            case "siluMul" -> new Work(5.0 * rows * s.hidden(), 4.0 * 3 * rows * s.hidden());
            default -> throw new IllegalArgumentException("verb " + verb);
        };
    }
}
