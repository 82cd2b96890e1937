package dev.sluice.cpu;

/** The scalar functions of the family, each computed in double and rounded once. */
final class Activations {
    private Activations() {}

    static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    static float silu(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }

    /** {@code ln(1 + exp(x))}; above 20 the argument itself, as in PyTorch. */
    static float softplus(float x) {
        return x > 20 ? x : (float) Math.log1p(Math.exp(x));
    }
}
