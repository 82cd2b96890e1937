package dev.sluice.bench.speed;

import java.util.Arrays;
import java.util.List;

/**
 * Repeated measurements of one quantity, in the order taken.
 *
 * @param values at least one, or none where the quantity was not asked for
 */
public record Samples(List<Double> values) {
    public Samples {
        values = List.copyOf(values);
    }

    static Samples of(double... values) {
        return new Samples(Arrays.stream(values).boxed().toList());
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** NaN of none. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** Deviation of the sample, with n - 1 in the denominator; 0 of one value. */
    public double stddev() {
        double mean = mean();
        double squares =
                values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        return values.size() == 1 ? 0 : Math.sqrt(squares / (values.size() - 1));
    }

    /** The middle value, or the mean of the middle two; NaN of none. */
    public double median() {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    public double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Each value over the one of {@code others} that was taken beside it. */
    public Samples over(Samples others) {
        if (others.values.size() != values.size()) {
            throw new IllegalArgumentException(values.size() + " samples beside " + others.values.size());
        }
        double[] ratios = new double[values.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values.get(i) / others.values.get(i);
        }
        return of(ratios);
    }
}
