/**
 * GGUF bytes to typed, bounds-checked views over one mapping: {@link dev.sluice.gguf.Gguf} opens a file,
 * {@link dev.sluice.gguf.GgufMetadata} holds its keys, {@link dev.sluice.gguf.Tensor} is a view of one tensor's bytes,
 * {@link dev.sluice.gguf.GgufWriter} writes files. What is in a file is never trusted: whatever is wrong with it ends in
 * a {@link dev.sluice.gguf.GgufException} that says where.
 */
package dev.sluice.gguf;
