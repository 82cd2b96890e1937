/** Speed and memory as a context grows; {@code scripts/long-context} runs it. */
package dev.sluice.bench.depth;
