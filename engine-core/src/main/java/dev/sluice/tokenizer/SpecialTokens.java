package dev.sluice.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Finds added tokens in text as llama.cpp does: the longest token (in bytes of UTF-8) takes all its places from left to
 * right, then the next longest what is left, and so on. The automaton of Aho and Corasick (1975) reads the text once,
 * however many tokens there are; only tokens that are ends of each other can add to that, by their number.
 */
final class SpecialTokens {
    private static final int ROOT = 0;
    private static final int NONE = -1;
    /** Characters that all tokens may have, each of which takes about 100 bytes; vocabularies have some thousand. */
    private static final int MOST_CHARACTERS = 1 << 20;

    /** In the order of their claims; an index into this list is a rank. */
    private final List<Token> tokens;
    /** For a rank, the node at the end of its token's path. */
    private final int[] nodes;
    /** Characters that some token begins with: most text has few of them. */
    private final BitSet firsts = new BitSet();
    /** The trie of all texts: node and character to node. */
    private final Map<Long, Integer> children = new HashMap<>();
    /** For a node, the deepest other node whose path is a suffix of this node's path. */
    private int[] fallback = new int[64];
    /** For a node, the rank of the token whose text is its path, or NONE. */
    private int[] rank = new int[64];
    /** For a node, the nearest along the fallbacks that has a rank, or ROOT. */
    private int[] shorter = new int[64];

    private record Token(int id, String text, int bytes) {}

    /** A token from {@code start} (inclusive) to {@code end} (exclusive) of the text. */
    record Match(int start, int end, int id) {}

    /**
     * @param wanted the ids to look for; of equal texts the first counts, and an empty one never
     * @throws IllegalArgumentException if their texts are absurdly long
     */
    SpecialTokens(List<String> vocabulary, IntPredicate wanted) {
        List<Token> found = new ArrayList<>();
        long characters = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            String text = vocabulary.get(id);
            if (wanted.test(id) && !text.isEmpty()) {
                found.add(new Token(id, text, text.getBytes(StandardCharsets.UTF_8).length));
                firsts.set(text.charAt(0));
                characters += text.length();
            }
        }
        if (characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException("tokenizer.ggml.tokens: the control and user-defined tokens have "
                    + characters + " characters, expected at most " + MOST_CHARACTERS);
        }
        found.sort(Comparator.comparingInt(Token::bytes).reversed());
        tokens = List.copyOf(found);
        nodes = new int[tokens.size()];
        Arrays.fill(rank, NONE);
        build();
    }

    /** All tokens grow by a character at a time, because a fallback leads to a node of a lesser depth. */
    private void build() {
        int count = 1;
        List<Integer> unfinished = new ArrayList<>();
        for (int r = 0; r < tokens.size(); r++) {
            unfinished.add(r);
        }
        for (int depth = 0; !unfinished.isEmpty(); depth++) {
            List<Integer> longer = new ArrayList<>();
            for (int r : unfinished) {
                String text = tokens.get(r).text;
                int parent = nodes[r];
                Integer child = children.get(edge(parent, text.charAt(depth)));
                if (child == null) {
                    child = count++;
                    reserve(count);
                    fallback[child] = parent == ROOT ? ROOT : step(fallback[parent], text.charAt(depth));
                    shorter[child] = longest(fallback[child]);
                    children.put(edge(parent, text.charAt(depth)), child);
                }
                nodes[r] = child;
                if (depth + 1 < text.length()) {
                    longer.add(r);
                } else if (rank[child] == NONE) {
                    rank[child] = r;
                }
            }
            unfinished = longer;
        }
    }

    private void reserve(int count) {
        int size = rank.length;
        if (count > size) {
            fallback = Arrays.copyOf(fallback, 2 * size);
            shorter = Arrays.copyOf(shorter, 2 * size);
            rank = Arrays.copyOf(rank, 2 * size);
            Arrays.fill(rank, size, 2 * size, NONE);
        }
    }

    /** The places of tokens in a text, from left to right, none overlapping another. */
    List<Match> find(String text) {
        // For each rank the ends of its places, first of the longest token at each end.
        TreeMap<Integer, IntList> claims = new TreeMap<>();
        int state = ROOT;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (state != ROOT || firsts.get(c)) {
                state = step(state, c);
                claim(claims, longest(state), i + 1);
            }
        }
        List<Match> matches = new ArrayList<>();
        BitSet taken = new BitSet();
        while (!claims.isEmpty()) {
            Map.Entry<Integer, IntList> first = claims.pollFirstEntry();
            Token token = tokens.get(first.getKey());
            int[] ends = first.getValue().toArray();
            Arrays.sort(ends);
            for (int end : ends) {
                // What was taken before is no shorter than this token, so it covers one of its ends if they overlap.
                int start = end - token.text.length();
                if (taken.get(end - 1)) {
                    continue;
                }
                if (taken.get(start)) {
                    int room = end - 1 - taken.previousSetBit(end - 1);
                    claim(claims, fitting(nodes[first.getKey()], room), end);
                } else {
                    taken.set(start, end);
                    matches.add(new Match(start, end, token.id));
                }
            }
        }
        matches.sort(Comparator.comparingInt(Match::start));
        return matches;
    }

    private void claim(Map<Integer, IntList> claims, int node, int end) {
        if (node != ROOT) {
            claims.computeIfAbsent(rank[node], r -> new IntList()).add(end);
        }
    }

    /** The node of the longest token at an end that is no longer than {@code room}, or ROOT. */
    private int fitting(int node, int room) {
        while (node != ROOT && tokens.get(rank[node]).text.length() > room) {
            node = shorter[node];
        }
        return node;
    }

    /** The node of the longest token that is a suffix of a node's path, or ROOT. */
    private int longest(int node) {
        return rank[node] != NONE ? node : shorter[node];
    }

    private int step(int from, char c) {
        for (int node = from; ; node = fallback[node]) {
            Integer child = children.get(edge(node, c));
            if (child != null) {
                return child;
            }
            if (node == ROOT) {
                return ROOT;
            }
        }
    }

    private static long edge(int node, char c) {
        return (long) node << 16 | c;
    }
}
