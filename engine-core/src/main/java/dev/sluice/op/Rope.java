package dev.sluice.op;

/**
 * Rotary position embedding with NeoX pairing: values {@code i} and {@code i + dimensions / 2} of a head turn by
 * {@code position * frequency[i]}. For text, the interleaved three-part positions of the Qwen3.5 family are equal, so
 * this is exact for them too.
 *
 * @param dimensions values of a head that turn; the rest stay
 * @param frequency radians per position of each pair, {@code base^(-2i / dimensions)}
 */
public record Rope(int dimensions, double[] frequency) {
    public static Rope of(int dimensions, double base) {
        double[] frequency = new double[dimensions / 2];
        for (int i = 0; i < frequency.length; i++) {
            frequency[i] = Math.pow(base, -2.0 * i / dimensions);
        }
        return new Rope(dimensions, frequency);
    }
}
