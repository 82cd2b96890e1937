/**
 * One file per model family: its configuration, its weights and its forward. qwen35, qwen35moe and qwen3next are one
 * family here, because their layers are the same; what differs (head order, the fused beta/alpha matrix, the kind of
 * feed-forward block) is data in {@link dev.sluice.arch.Qwen35Config} or one branch while binding.
 */
package dev.sluice.arch;
