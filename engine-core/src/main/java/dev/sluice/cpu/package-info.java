/**
 * The CPU backend. Products read a weight in groups of rows, interleaved so that the lanes of a vector are rows
 * ({@link dev.sluice.cpu.format.LaneFormat}): scales are vectors then, no sum crosses lanes, and a panel needs no transposing.
 * Where the heap has room a weight is interleaved once ({@link dev.sluice.cpu.Packing}), else tile by tile. Many rows decode a panel
 * for {@link dev.sluice.cpu.Gemm}, a single row is multiplied in registers. The ten types that have such code are those that
 * implement {@code LaneFormat}; the others are decoded row by row.
 *
 * <p>Every product adds in one order, chains of 256 columns, whatever the number of rows, of threads, or of lanes; other sums over
 * lanes have an order of our own too, because that of {@code reduceLanes} differs between the JVM's interpreter and its compilers. So
 * the same tokens give the same bits, however they were cut into steps and however long the program has run.
 *
 * <p>Keys, values and recurrent states live outside the heap, in blocks that are freed when their last owner closes:
 * memory grows with the rows used and needs no heap setting.
 */
package dev.sluice.cpu;
