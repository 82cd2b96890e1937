/** Choosing the next token from the logits: the options a caller sets, and the sampler that obeys them. */
package dev.sluice.sample;
