package io.quotelake.benchmark.measure;

import java.util.Locale;

/**
 * Something a scenario shall show.
 *
 * @param what the question, in words
 * @param asked the bound, in words
 * @param shown the answer, in words
 * @param met whether the answer is within the bound
 */
public record Target(String what, String asked, String shown, boolean met) {

    public static Target atLeast(String what, double bound, double shown) {
        return new Target(what, "at least " + text(bound), text(shown), shown >= bound);
    }

    public static Target atMost(String what, double bound, double shown) {
        return new Target(what, "at most " + text(bound), text(shown), shown <= bound);
    }

    private static String text(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
