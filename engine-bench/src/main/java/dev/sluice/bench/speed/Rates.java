package dev.sluice.bench.speed;

/**
 * Tokens per second of one run.
 *
 * @param prefill 0 where no prompt was asked for
 * @param decode 0 where no generation was asked for
 */
public record Rates(double prefill, double decode) {}
