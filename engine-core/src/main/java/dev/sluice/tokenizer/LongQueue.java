package dev.sluice.tokenizer;

import java.util.Arrays;

/** A priority queue of longs, the least first: a binary heap of 8 bytes an entry. */
final class LongQueue {
    private long[] heap;
    private int size;

    LongQueue(int capacity) {
        heap = new long[Math.max(1, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size + (size >> 1) + 1);
        }
        int i = size++;
        while (i > 0 && value < heap[(i - 1) / 2]) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = value;
    }

    /** Takes the least out; there must be one. */
    long poll() {
        long least = heap[0];
        long value = heap[--size];
        int i = 0;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (value <= heap[child]) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = value;
        return least;
    }
}
