package io.quotelake.benchmark.measure;

import java.util.Arrays;
import java.util.Collection;

/** Figures of the same kind, ordered. */
public final class Distribution {
    private final double[] sorted;

    public Distribution(Collection<? extends Number> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("No values");
        }
        sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    }

    public double min() {
        return sorted[0];
    }

    public double max() {
        return sorted[sorted.length - 1];
    }

    /** The middle value, or the mean of the two in the middle. */
    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** How many values there are. */
    public int count() {
        return sorted.length;
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
