package dev.sluice;

import java.time.Duration;

/**
 * Wall-clock time of one generation.
 *
 * @param prompt from the start until the logits of the last prompt token
 * @param generation the rest
 */
public record Timings(Duration prompt, Duration generation) {}
