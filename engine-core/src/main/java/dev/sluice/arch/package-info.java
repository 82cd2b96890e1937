/**
 * One file per model family: its configuration, its weights and its forward. qwen35, qwen35moe and qwen3next are one
 * family here, because their layers are the same; what differs (head order, the fused beta/alpha matrix, the kind of
 * feed-forward block) is data in {@link dev.sluice.arch.Qwen35Config} or one branch in
 * {@link dev.sluice.arch.Qwen35Blocks}, which also reads the layouts of other writers: they are views of rows, so that no
 * weight is copied and the verbs never know.
 *
 * <p>Metadata decides what a block is, never the names of its tensors. A key that would change results is honoured or
 * refused by name; so are all {@code rope.scaling.*} keys that are not known here. Two differences from llama.cpp: it does
 * not read {@code yarn_beta_fast} and {@code yarn_beta_slow} for this family, though its converter writes them, and here
 * they count; and {@code yarn_ext_factor} and {@code yarn_attn_factor}, which it does not read either, are refused where they
 * ask for something else than it computes.
 *
 * <p>What is missing or wrong in an MTP block does not keep a file from running: the trunk's results do not depend on it,
 * and tools that strip or quantize such blocks leave many files of this kind. {@link dev.sluice.arch.Nextn} keeps what was
 * found, for whoever shows the file.
 */
package dev.sluice.arch;
