package dev.sluice.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte-pair encoding (Sennrich et al. 2016): join the adjacent pair with the lowest rank, the leftmost of equals, until no
 * pair has a rank. Symbols are numbers; a pair of them is a key of 64 bits.
 */
final class BytePairEncoding {
    private static final int NONE = -1;
    /** Pieces up to this length are searched for their best pair; longer ones keep their pairs in a queue. */
    private static final int SHORT = 24;

    private final int[] byteSymbols = new int[256];
    private final String[] symbolTexts;
    private final int[] symbolTokens;
    private final int[] byteTokens = new int[256];
    private final PairTable pairs;

    /**
     * @param tokenIds id of each token's text
     * @throws IllegalArgumentException if a merge is not two symbols
     */
    BytePairEncoding(List<String> merges, Map<String, Integer> tokenIds) {
        Map<String, Integer> symbols = new HashMap<>(3 * merges.size() + 512);
        for (int b = 0; b < 256; b++) {
            byteSymbols[b] = symbol(symbols, String.valueOf(ByteMap.toChar(b)));
        }
        pairs = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int space = merge.indexOf(' ', 1);
            if (space < 1 || space + 1 >= merge.length()) {
                throw new IllegalArgumentException(
                        "tokenizer.ggml.merges[" + rank + "] is '" + merge + "', expected two symbols and a space");
            }
            String left = merge.substring(0, space);
            String right = merge.substring(space + 1);
            pairs.put(symbol(symbols, left), symbol(symbols, right), rank, symbol(symbols, left + right));
        }
        symbolTexts = new String[symbols.size()];
        symbolTokens = new int[symbols.size()];
        symbols.forEach((text, symbol) -> {
            symbolTexts[symbol] = text;
            symbolTokens[symbol] = tokenIds.getOrDefault(text, NONE);
        });
        for (int b = 0; b < 256; b++) {
            byteTokens[b] = symbolTokens[byteSymbols[b]];
        }
    }

    private static int symbol(Map<String, Integer> symbols, String text) {
        return symbols.computeIfAbsent(text, t -> symbols.size());
    }

    /** Appends the tokens of one piece, given as UTF-8. Bytes for which the vocabulary has no token are left out. */
    void encode(byte[] utf8, int from, int to, IntList out) {
        int n = to - from;
        int[] symbols = new int[n];
        for (int i = 0; i < n; i++) {
            symbols[i] = byteSymbols[utf8[from + i] & 0xFF];
        }
        int count = n <= SHORT ? mergeShort(symbols, n) : mergeLong(symbols, n);
        for (int i = 0; i < count; i++) {
            emit(symbols[i], out);
        }
    }

    private void emit(int symbol, IntList out) {
        if (symbolTokens[symbol] != NONE) {
            out.add(symbolTokens[symbol]);
            return;
        }
        String text = symbolTexts[symbol];
        for (int i = 0; i < text.length(); i++) {
            int b = ByteMap.toByte(text.charAt(i));
            if (b >= 0 && byteTokens[b] != NONE) {
                out.add(byteTokens[b]);
            }
        }
    }

    private int mergeShort(int[] symbols, int count) {
        while (true) {
            int best = -1;
            int bestSlot = NONE;
            for (int i = 0; i + 1 < count; i++) {
                int slot = pairs.slot(symbols[i], symbols[i + 1]);
                if (slot != NONE && (bestSlot == NONE || pairs.rank(slot) < pairs.rank(bestSlot))) {
                    best = i;
                    bestSlot = slot;
                }
            }
            if (bestSlot == NONE) {
                return count;
            }
            symbols[best] = pairs.joined(bestSlot);
            System.arraycopy(symbols, best + 2, symbols, best + 1, count - best - 2);
            count--;
        }
    }

    /**
     * The same with a queue of (rank, place); entries of pairs since joined are stale. A symbol takes the places of its
     * bytes: {@code ends} has its end at the first of them, and the first at the last of them, if that is another.
     */
    private int mergeLong(int[] symbols, int count) {
        int[] ends = new int[count];
        LongQueue queue = new LongQueue(count);
        for (int i = 0; i < count; i++) {
            ends[i] = i + 1;
            if (i > 0) {
                offer(queue, symbols, i - 1, i);
            }
        }
        while (!queue.isEmpty()) {
            long entry = queue.poll();
            int left = (int) entry;
            int right = ends[left];
            if (symbols[left] == NONE || right == count) {
                continue;
            }
            int slot = pairs.slot(symbols[left], symbols[right]);
            if (slot == NONE || pairs.rank(slot) != (int) (entry >>> 32)) {
                continue;
            }
            int end = ends[right];
            symbols[left] = pairs.joined(slot);
            symbols[right] = NONE;
            ends[left] = end;
            ends[end - 1] = left;
            if (end < count) {
                offer(queue, symbols, left, end);
            }
            if (left > 0) {
                offer(queue, symbols, Math.min(ends[left - 1], left - 1), left);
            }
        }
        int kept = 0;
        for (int i = 0; i < count; i = ends[i]) {
            symbols[kept++] = symbols[i];
        }
        return kept;
    }

    private void offer(LongQueue queue, int[] symbols, int left, int right) {
        int slot = pairs.slot(symbols[left], symbols[right]);
        if (slot != NONE) {
            queue.add((long) pairs.rank(slot) << 32 | left);
        }
    }

    /** Pairs of symbols to rank and joined symbol: open addressing on arrays, since there are a quarter million. */
    private static final class PairTable {
        private final long[] keys;
        private final int[] ranks;
        private final int[] joined;
        private final int mask;

        PairTable(int size) {
            int capacity = Integer.highestOneBit(Math.max(8, size)) * 4;
            keys = new long[capacity];
            Arrays.fill(keys, NONE);
            ranks = new int[capacity];
            joined = new int[capacity];
            mask = capacity - 1;
        }

        /** The first of equal pairs counts. */
        void put(int left, int right, int rank, int join) {
            long key = key(left, right);
            int slot = home(key);
            while (keys[slot] != NONE) {
                if (keys[slot] == key) {
                    return;
                }
                slot = slot + 1 & mask;
            }
            keys[slot] = key;
            ranks[slot] = rank;
            joined[slot] = join;
        }

        int slot(int left, int right) {
            long key = key(left, right);
            for (int slot = home(key); keys[slot] != NONE; slot = slot + 1 & mask) {
                if (keys[slot] == key) {
                    return slot;
                }
            }
            return NONE;
        }

        int rank(int slot) {
            return ranks[slot];
        }

        int joined(int slot) {
            return joined[slot];
        }

        private static long key(int left, int right) {
            return (long) left << 32 | right;
        }

        private int home(long key) {
            long mixed = key * 0x9E3779B97F4A7C15L;
            return (int) (mixed >>> 32 ^ mixed >>> 48) & mask;
        }
    }
}
