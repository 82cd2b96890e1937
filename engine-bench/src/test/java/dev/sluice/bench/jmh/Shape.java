package dev.sluice.bench.jmh;

/**
 * The dimensions of one released model; what it does not have is 0.
 *
 * @param embedding width of the residual stream
 * @param outputs rows of the matrix that stands for all: the feed-forward length, or the queries, keys and values of a
 *     recurrent layer where the feed-forward part is sparse
 * @param hidden feed-forward length, of one expert where there are experts
 * @param keyHeads of a recurrent layer
 */
record Shape(
        int embedding,
        int outputs,
        int hidden,
        int experts,
        int expertsUsed,
        int heads,
        int kvHeads,
        int headLength,
        int keyHeads,
        int valueHeads,
        int stateSize) {
    static Shape of(String name) {
        return switch (name) {
            case "0.8B" -> new Shape(1024, 3584, 3584, 0, 0, 8, 2, 256, 16, 16, 128);
            case "9B" -> new Shape(4096, 12288, 12288, 0, 0, 16, 4, 256, 16, 32, 128);
            case "35B-A3B" -> new Shape(2048, 8192, 512, 256, 8, 16, 2, 256, 16, 32, 128);
            default -> throw new IllegalArgumentException("shape " + name + ", expected 0.8B, 9B or 35B-A3B");
        };
    }
}
