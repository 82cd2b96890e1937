/**
 * The public API: load a {@link dev.sluice.Model}, open a {@link dev.sluice.Session}, generate.
 *
 * <p>Three ways in which this differs from the design it started from. The KV element type of a session is a
 * {@code TensorType}, since that is what GGUF and its users call it. The generation loop stands in its own class,
 * because a session is also used without it (scoring, forks). A chat prompt is rendered whole at every turn and
 * compared with what the session already holds, so that the caller never has to think about which prefix is reusable.
 */
package dev.sluice;
