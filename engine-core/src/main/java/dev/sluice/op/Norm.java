package dev.sluice.op;

/**
 * A root-mean-square norm, {@code y_i = x_i * w_i / sqrt(mean(x^2) + epsilon)}, over consecutive groups of
 * {@code weight.length()} values.
 */
public record Norm(Vec weight, float epsilon) {}
