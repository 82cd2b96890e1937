/**
 * What {@code sluice inspect} says of a file, and of the difference of two. {@link dev.sluice.app.inspect.Description} and
 * {@link dev.sluice.app.inspect.Comparison} are made once; JSON is their components by name, and the terminal shows the same
 * ones, cut to a bounded number of lines. Any sound GGUF file can be described, whatever its architecture.
 */
package dev.sluice.app.inspect;
