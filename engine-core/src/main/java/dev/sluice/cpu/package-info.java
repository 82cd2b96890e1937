/**
 * The CPU backend. Every product decodes a tile of weight rows to F32 and multiplies it with all rows of the step
 * ({@link dev.sluice.cpu.Gemm}): one path for all types and all numbers of rows. Nothing that is summed for one row
 * depends on the other rows of its step, and the lanes of a vector are added in an order of our own, because the one of
 * {@code reduceLanes} differs between the JVM's interpreter and its compilers. So the same tokens give the same bits,
 * however they were cut into steps and however long the program has run.
 *
 * <p>Keys, values and recurrent states live outside the heap, in blocks that are freed when their last owner closes:
 * memory grows with the rows used and needs no heap setting.
 */
package dev.sluice.cpu;
