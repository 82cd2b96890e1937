/**
 * The CPU backend. Every product decodes a tile of weight rows to F32 and multiplies it with all rows of the step
 * ({@link dev.sluice.cpu.Gemm}): one path for all types and all numbers of rows. Nothing that is summed for one row
 * depends on the other rows of its step; only the order in which the JVM adds the lanes of a vector may differ between its
 * interpreter and its compilers, so pieces of a prompt agree with the whole to rounding, not to the bit.
 *
 * <p>Keys, values and recurrent states live outside the heap, in blocks that are freed when their last owner closes:
 * memory grows with the rows used and needs no heap setting.
 */
package dev.sluice.cpu;
