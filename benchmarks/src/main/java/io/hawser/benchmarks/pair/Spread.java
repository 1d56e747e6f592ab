package io.hawser.benchmarks.pair;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What several launches measured of one thing.
 *
 * @param median the median, of two the mean
 * @param least the least
 * @param most the most
 * @param count how many there are
 */
record Spread(double median, double least, double most, int count) {
    /** Of at least one value. */
    static Spread of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("values: none (expected: one at least)");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** Returns the median, and from where to where the values go if there are several. */
    @Override
    public String toString() {
        return count == 1 ? text(median) : text(median) + " (" + text(least) + "-" + text(most) + ")";
    }

    /** Writes three digits that count, in thousands and millions where that is shorter. */
    static String text(double value) {
        if (value >= 999_500) {
            return digits(value / 1e6) + "M";
        }
        return value >= 9_995 ? digits(value / 1e3) + "k" : digits(value);
    }

    private static String digits(double value) {
        int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    static double medianOf(double... values) {
        return of(Arrays.stream(values).boxed().toList()).median();
    }
}
