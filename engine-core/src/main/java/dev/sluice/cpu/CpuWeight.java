package dev.sluice.cpu;

import dev.sluice.cpu.format.Interleave;
import dev.sluice.cpu.format.LaneFormat;
import dev.sluice.cpu.format.Lanes;
import dev.sluice.cpu.format.Layout;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A bound matrix, or stack of them. Products read it in groups of {@link Lanes#GROUP} rows and blocks of
 * {@link #BLOCK_COLUMNS} columns, interleaved: once for all when it was {@link #pack packed}, else each time.
 */
final class CpuWeight implements Weight {
    /**
     * Columns that are summed in one chain of multiply-adds; the sums of the blocks are added in order. Every product, of
     * one row or of many, adds in this order and so gives the same bits.
     */
    static final int BLOCK_COLUMNS = 256;

    /** Elements of the largest array of a packed weight. */
    private static final long MAX_ARRAY = Integer.MAX_VALUE - 64;

    private final String name;
    private final LaneFormat format;
    private final Layout layout; // of the format
    private final MemorySegment data; // the whole tensor
    private final WeightView.Rows view; // which rows of each slice
    private final int columns;
    private final int slices;
    private final long rowBytes;
    private final long sliceStride; // bytes
    private final float[] scale; // factors on the product: none, one, or one a slice

    // Once packed: for each slice, group and block of columns, that block of each of the weights that were packed
    // together
    private int[] words; // of a weight [blocks of the format][words of a block][GROUP]
    private short[] heads; // of a weight [blocks of the format][heads of a block][GROUP]
    private int wordsAt; // where this weight's first block is
    private int headsAt;
    private int wordStride; // from one block of columns to the next
    private int headStride;

    CpuWeight(
            String name,
            LaneFormat format,
            MemorySegment data,
            WeightView.Rows view,
            int columns,
            int slices,
            long rowBytes,
            long sliceStride,
            float[] scale) {
        this.name = name;
        this.format = format;
        this.layout = format.layout();
        this.data = data;
        this.view = view;
        this.columns = columns;
        this.slices = slices;
        this.rowBytes = rowBytes;
        this.sliceStride = sliceStride;
        this.scale = scale;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int rows() {
        return view.count();
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int slices() {
        return slices;
    }

    @Override
    public long sliceBytes() {
        return rows() * rowBytes;
    }

    /** Bytes in the file. */
    long bytes() {
        return slices * sliceBytes();
    }

    int groups() {
        return Math.ceilDiv(rows(), Lanes.GROUP);
    }

    /** Byte of the tensor where a row begins. */
    private long rowAt(int slice, int row) {
        return slice * sliceStride + view.at(row) * rowBytes;
    }

    /** The factor on the products of a slice. */
    float scale(int slice) {
        return scale.length == 0 ? 1 : scale[scale.length == 1 ? 0 : slice];
    }

    /** Decodes one row of slice 0, for an embedding table. */
    void decodeRow(int row, float[] out, int at) {
        format.decodeRow(data, rowAt(0, row), out, at, columns);
        if (scale.length > 0) {
            for (int i = at; i < at + columns; i++) {
                out[i] *= scale[0];
            }
        }
    }

    /** Blocks of columns of all groups and slices. */
    private long blocks() {
        return (long) slices * groups() * Math.ceilDiv(columns, BLOCK_COLUMNS);
    }

    private int blockWords() {
        return BLOCK_COLUMNS / layout.columns() * layout.words() * Lanes.GROUP;
    }

    private int blockHeads() {
        return BLOCK_COLUMNS / layout.columns() * layout.heads() * Lanes.GROUP;
    }

    /** Bytes of the copy that {@link #pack} makes; -1 if none can be made. */
    static long packedBytes(CpuWeight... together) {
        long ints = 0;
        long shorts = 0;
        for (CpuWeight w : together) {
            if (w.blocks() != together[0].blocks()) {
                return -1;
            }
            ints += w.blocks() * w.blockWords();
            shorts += w.blocks() * w.blockHeads();
        }
        return Math.max(ints, shorts) > MAX_ARRAY ? -1 : 4 * ints + 2 * shorts;
    }

    /**
     * Makes an interleaved copy. Called before the first product, by one thread.
     *
     * @param together weights of the same shape whose blocks are read in turns: they lie in that order, as memory that is
     *     read here and there comes half as fast
     */
    static void pack(Workers workers, CpuWeight... together) {
        int wordStride = 0;
        int headStride = 0;
        for (CpuWeight w : together) {
            w.wordsAt = wordStride;
            w.headsAt = headStride;
            wordStride += w.blockWords();
            headStride += w.blockHeads();
        }
        int[] words = new int[Math.toIntExact(together[0].blocks() * wordStride)];
        short[] heads = new short[Math.toIntExact(together[0].blocks() * headStride)];
        for (CpuWeight w : together) {
            w.wordStride = wordStride;
            w.headStride = headStride;
            w.interleave(workers, words, heads);
            w.words = words;
            w.heads = heads;
        }
    }

    private void interleave(Workers workers, int[] to, short[] headsTo) {
        int blocks = Math.ceilDiv(columns, BLOCK_COLUMNS);
        Interleave[] interleave = new Interleave[workers.size()];
        Arrays.setAll(interleave, i -> new Interleave());
        workers.run(slices * groups(), (part, worker) -> {
            int first = part % groups() * Lanes.GROUP;
            int count = Math.min(Lanes.GROUP, rows() - first);
            // Block of columns by block of columns: the rows of a group write to the same cache lines.
            for (int block = 0; block < blocks; block++) {
                int from = block * BLOCK_COLUMNS;
                int at = part * blocks + block;
                for (int r = 0; r < count; r++) {
                    interleave[worker].row(
                            format,
                            data,
                            rowAt(part / groups(), first + r) + blockAt(from),
                            Math.min(BLOCK_COLUMNS, columns - from),
                            to,
                            wordsAt + at * wordStride + r,
                            headsTo,
                            headsAt + at * headStride + r);
                }
            }
        });
    }

    /** Byte of a row where the block of the format with this column begins. */
    private long blockAt(int column) {
        return (long) (column / layout.columns()) * layout.bytes();
    }

    /**
     * Decodes columns {@code from} to {@code from + count}, within one block of columns, of a group.
     *
     * @return of {@code scratch}, {@code [4 chains][pitch][GROUP]}: column {@code from + k} is the {@code k / 4}th of chain {@code k % 4}
     */
    float[] panel(int slice, int group, int from, int count, Scratch scratch) {
        int padded = Math.ceilDiv(count, layout.columns()) * layout.columns();
        int block = bring(slice, group, from, count, scratch);
        int at = wordsAt + block * wordStride;
        touch(words(scratch), at, padded, scratch);
        format.unpack(words(scratch), at, heads(scratch), headsAt + block * headStride, padded, scratch.factors);
        format.decodePanel(words(scratch), at, scratch.factors, padded, scratch.panel, 0);
        return scratch.panel;
    }

    /** Adds the products of these columns with one row to {@code sums[sumsAt .. sumsAt + GROUP)}. */
    void dot(int slice, int group, int from, int count, float[] x, int xAt, float[] sums, int sumsAt, Scratch scratch) {
        if (count % Math.max(4, layout.columns()) == 0) {
            int block = bring(slice, group, from, count, scratch);
            int at = wordsAt + block * wordStride;
            format.unpack(words(scratch), at, heads(scratch), headsAt + block * headStride, count, scratch.factors);
            format.dot(words(scratch), at, scratch.factors, count, x, xAt, sums, sumsAt);
        } else { // 16-bit values in a row of odd length
            float[] panel = panel(slice, group, from, count, scratch);
            Gemm.multiplyRow(x, xAt, panel, count, sums, sumsAt);
        }
    }

    /**
     * Reads each cache line of the words of some columns. While a panel is stored, the stores hold up loads that wait for memory:
     * brought near first, a block takes two thirds of the time.
     */
    private void touch(int[] words, int at, int columns, Scratch scratch) {
        int count = columns / layout.columns() * layout.words() * Lanes.GROUP;
        int sum = 0;
        for (int i = at; i < at + count; i += 16) {
            sum += words[i];
        }
        scratch.touched[0] = sum; // the compiler must not find out that it is useless
    }

    /** The most packed rows that {@link #dots} multiplies with these columns; 1 if it does not at all. */
    int mostRows(int count) {
        return count % layout.columns() == 0 ? format.mostRows() : 1;
    }

    /**
     * Adds the products of these columns with four or eight rows.
     *
     * @param x {@code [rows / 4][4 chains][count / 4][4]}, from {@code xAt}
     * @param sums {@code [rows][GROUP]}, from {@code sumsAt}
     */
    void dots(
            int slice,
            int group,
            int from,
            int count,
            float[] x,
            int xAt,
            int rows,
            float[] sums,
            int sumsAt,
            Scratch scratch) {
        int block = bring(slice, group, from, count, scratch);
        int at = wordsAt + block * wordStride;
        touch(words(scratch), at, count, scratch);
        format.unpack(words(scratch), at, heads(scratch), headsAt + block * headStride, count, scratch.factors);
        if (rows == 4) {
            format.dotFour(words(scratch), at, scratch.factors, count, x, xAt, sums, sumsAt);
        } else {
            format.dotEight(words(scratch), at, scratch.factors, count, x, xAt, sums, sumsAt);
        }
    }

    /**
     * Brings columns where {@link #words} and {@link #heads} have them.
     *
     * @return the block: of the packed copy, where they are already, or the only one of scratch memory
     */
    private int bring(int slice, int group, int from, int count, Scratch scratch) {
        if (words != null) {
            return (slice * groups() + group) * Math.ceilDiv(columns, BLOCK_COLUMNS) + from / BLOCK_COLUMNS;
        }
        int first = group * Lanes.GROUP;
        for (int r = 0; r < Math.min(Lanes.GROUP, rows() - first); r++) {
            long offset = rowAt(slice, first + r) + blockAt(from);
            scratch.interleave.row(format, data, offset, count, scratch.words, r, scratch.heads, r);
        }
        return 0;
    }

    private int[] words(Scratch scratch) {
        return words != null ? words : scratch.words;
    }

    private short[] heads(Scratch scratch) {
        return words != null ? heads : scratch.heads;
    }

    /** What one worker needs beside a weight; reused, so that a step allocates nothing. */
    static final class Scratch {
        /** Values of 32 bits, the largest there are. */
        private final int[] words = Apart.ints(BLOCK_COLUMNS * Lanes.GROUP);

        private final short[] heads = Apart.shorts(BLOCK_COLUMNS * Lanes.GROUP);
        private final float[] factors = Apart.floats(BLOCK_COLUMNS * Lanes.GROUP);
        private final float[] panel = Apart.floats((BLOCK_COLUMNS + 1) * Lanes.GROUP);
        private final int[] touched = Apart.ints(1);
        private final Interleave interleave = new Interleave();

        private float[] sums = {};
        private float[] wide = {};

        /** Sums of groups: for each, {@code [row of the step][GROUP]}. */
        float[] sums(int size) {
            if (sums.length < size) {
                sums = Apart.floats(size);
            }
            return sums;
        }

        /** One row of a step. */
        float[] row(int columns) {
            if (wide.length < columns) {
                wide = Apart.floats(columns);
            }
            return wide;
        }
    }
}
