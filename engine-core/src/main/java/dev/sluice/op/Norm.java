package dev.sluice.op;

/**
 * A root-mean-square norm, {@code y_i = x_i * w_i / sqrt(mean(x^2) + epsilon)}, over consecutive groups of
 * {@code weight.length()} values.
 *
 * @param weight one factor for each value of a group
 * @param epsilon keeps a group of zeros from dividing by zero
 */
public record Norm(Vec weight, float epsilon) {}
