/**
 * Tokens per second of a model, and what the machine could give. {@link dev.sluice.bench.speed.SpeedBench} goes through the
 * public API only, so that what it measures is what a caller gets; {@link dev.sluice.bench.speed.ModelCost} says what a token
 * costs at least, and {@link dev.sluice.bench.speed.MachineLimits} how fast that could be done.
 */
package dev.sluice.bench.speed;
