package dev.sluice.op;

/**
 * Rotary position embedding with NeoX pairing: values {@code i} and {@code i + dimensions / 2} of a head turn by
 * {@code position * frequency[i]}. For text, the interleaved three-part positions of the Qwen3.5 family are equal, so
 * this is exact for them too.
 *
 * @param dimensions values of a head that turn, an even number; the rest stay
 * @param frequency radians per position of each pair, {@code base^(-2i / dimensions)} before any scaling
 * @param magnitude factor on the cosines and sines, and so on the values that turn
 */
public record Rope(int dimensions, double[] frequency, double magnitude) {

    /**
     * {@return without scaling}
     *
     * @param dimensions values of a head that turn, an even number
     * @param base of the frequencies, above 0
     */
    public static Rope of(int dimensions, double base) {
        double[] frequency = new double[dimensions / 2];
        for (int i = 0; i < frequency.length; i++) {
            frequency[i] = Math.pow(base, -2.0 * i / dimensions);
        }
        return new Rope(dimensions, frequency, 1);
    }

    /**
     * {@return position interpolation (Chen et al. 2023): every angle divided by {@code factor}}
     *
     * @param dimensions values of a head that turn, an even number
     * @param base of the frequencies, above 0
     * @param factor how many times longer the context becomes, above 0
     */
    public static Rope linear(int dimensions, double base, double factor) {
        double[] frequency = of(dimensions, base).frequency;
        for (int i = 0; i < frequency.length; i++) {
            frequency[i] /= factor;
        }
        return new Rope(dimensions, frequency, 1);
    }

    /**
     * YaRN (Peng et al. 2023): pairs that turn more than {@code betaFast} times within the original context keep their
     * angles, those that turn less than {@code betaSlow} times are interpolated, and those between are mixed; the
     * magnitude is {@code 0.1 ln(factor) + 1}.
     *
     * @param base above 1
     * @param originalContext positions that the model was trained for before it was extended
     * @param dimensions values of a head that turn, an even number
     * @param factor how many times longer the context becomes
     * @param betaFast turns above which a pair keeps its angle
     * @param betaSlow turns below which a pair is interpolated
     * @return the rotation
     */
    public static Rope yarn(
            int dimensions, double base, double factor, int originalContext, double betaFast, double betaSlow) {
        double low = Math.max(0, Math.floor(pairThatTurns(betaFast, dimensions, base, originalContext)));
        double high = Math.min(dimensions - 1, Math.ceil(pairThatTurns(betaSlow, dimensions, base, originalContext)));
        double[] frequency = of(dimensions, base).frequency;
        for (int i = 0; i < frequency.length; i++) {
            double interpolated = Math.clamp((i - low) / Math.max(0.001, high - low), 0.0, 1.0);
            frequency[i] *= 1 - interpolated + interpolated / factor;
        }
        return new Rope(dimensions, frequency, 0.1 * Math.log(Math.max(1, factor)) + 1);
    }

    /** The pair, as a fraction, that turns {@code times} times within a context. */
    private static double pairThatTurns(double times, int dimensions, double base, int context) {
        return dimensions * Math.log(context / (2 * Math.PI * times)) / (2 * Math.log(base));
    }

    /**
     * {@return the same angles, the magnitude times {@code factor}}
     *
     * @param factor above 0
     */
    public Rope magnified(double factor) {
        return new Rope(dimensions, frequency, magnitude * factor);
    }
}
