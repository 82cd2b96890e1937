/**
 * The weight formats: what the bytes of a tensor mean as numbers. One file per
 * {@link dev.sluice.gguf.TensorType}, listed in {@link dev.sluice.cpu.format.Formats}; nothing outside this package knows
 * how a block is laid out.
 *
 * <p>Block layouts are given as {@code field type[count]@byte offset}, all little-endian, with {@code f16} an IEEE half.
 * In the formulas {@code /} and {@code %} are on integers and {@code y[i]} is element {@code i} of the block. Every
 * product is rounded to F32 in the order written, so the results have the bits of ggml's reference decoders.
 */
package dev.sluice.cpu.format;
