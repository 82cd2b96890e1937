/**
 * JMH benchmarks of the verbs of {@link dev.sluice.op.Ops} on the CPU, at the shapes of real models, and what makes a table and
 * a roofline of them. In the test tree, so that no program carries JMH. Run by scripts/benchmarks.
 *
 * <p>Weights are random, and as many matrices as do not fit in a cache take turns, as in a model.
 */
package dev.sluice.bench.jmh;
