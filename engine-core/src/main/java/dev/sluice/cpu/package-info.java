/**
 * The CPU backend. Products read a weight in groups of rows, interleaved so that the lanes of a vector are rows
 * ({@link dev.sluice.cpu.format.LaneFormat}): scales are vectors then, no sum crosses lanes, and a panel needs no transposing.
 * Where the heap has room a weight is interleaved once ({@link dev.sluice.cpu.Packing}), else tile by tile. Many rows decode a panel
 * for {@link dev.sluice.cpu.Gemm}; one row, and four or eight of the types that most files have, are multiplied while they are
 * decoded in registers. Every type that can be computed has such code: {@link dev.sluice.cpu.format.Formats} lists no other.
 * A Gated DeltaNet layer goes key head by key head ({@link dev.sluice.cpu.DeltaBlock}), so that what lies between its
 * projections stays in a core's cache. Attention of many rows goes through a block of keys and values band by band of rows, with the
 * block's panels converted once for all of them ({@link dev.sluice.cpu.AttentionBlock}). {@link dev.sluice.cpu.Workers} hand out
 * several parts at once where parts share something, and fewer the nearer the end.
 *
 * <p>Every product adds in one order, for each 256 columns four chains of every fourth column that are added to the sum one after the
 * other, whatever the number of rows, of threads, or of lanes: four chains hide the latency of an addition, where a single row has
 * but two vectors, err less than one, and a tile adds each while it is in registers. No other sum crosses lanes, because the order of {@code reduceLanes} differs between the JVM's interpreter and its compilers. What is
 * left over behind the last full vector is computed by the same operations, fused where the vectors fuse. Other sums have a
 * fixed number of partial sums, and blocks of keys lie at fixed places of the sequence. So the same tokens give the same bits, however
 * they were cut into steps, on any number of threads, at any vector width, interpreted or compiled, and there is no other mode.
 * {@code DeterminismTest} holds it against JVMs of each kind. Many rows pay nothing for it. A single row could multiply by a scale once
 * for its 32 columns instead of each value: Q4_K then takes a fifth less time from a cache and a seventh from memory. But many rows
 * would have to follow, and scale and store their sums twice as often. So one row pays that seventh.
 *
 * <p>The first step of a forward records its verbs, later steps run the list ({@link dev.sluice.cpu.CpuOps}): a warm step allocates
 * nothing. Hot loops call only the JDK's vector methods, since helpers of our own are not inlined once the compiler's budget of nodes
 * is spent, and a vector that leaves a method is allocated. Packed words hold the columns that follow each
 * other, and each is read once: read again after others, as the files have them, they come half as fast from memory.
 *
 * <p>Keys, values and recurrent states live outside the heap, in blocks that are freed when their last owner closes:
 * memory grows with the rows used and needs no heap setting.
 */
package dev.sluice.cpu;
