package io.quotelake.benchmark.report;

import io.quotelake.benchmark.measure.Distribution;
import java.util.Locale;

/** Figures as people read them: three significant digits, thousands apart. */
final class Numbers {

    private Numbers() {}

    static String text(double value) {
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }

    /** The median, with the extremes if there are any. */
    static String text(Distribution values) {
        String median = text(values.median());
        if (values.count() == 1 || values.min() == values.max()) {
            return median;
        }
        return median + " (" + text(values.min()) + " – " + text(values.max()) + ")";
    }
}
