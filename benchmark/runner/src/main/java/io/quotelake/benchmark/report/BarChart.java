package io.quotelake.benchmark.report;

import io.quotelake.benchmark.measure.Distribution;
import java.util.Map;

/**
 * Bars to the right as SVG: one for each contestant, as long as its median, with a line from its
 * least to its most.
 */
final class BarChart {
    private static final int LABELS = 290;
    private static final int BARS = 420;
    private static final int VALUES = 110;
    private static final int ROW = 30;
    private static final int TOP = 44;

    private BarChart() {}

    static String svg(String title, String unit, Map<String, Distribution> bars) {
        double longest = bars.values().stream().mapToDouble(Distribution::max).max().orElseThrow();
        Svg svg = new Svg(LABELS + BARS + VALUES, TOP + bars.size() * ROW + 10);
        svg.text(10, 24, "start", "bold", title + " (" + unit + ")");
        int y = TOP;
        for (var bar : bars.entrySet()) {
            Distribution values = bar.getValue();
            double scale = BARS / longest;
            String color = bar.getKey().startsWith("Quotelake") ? Svg.OURS : Svg.OTHERS;
            svg.text(LABELS - 8, y + 15, "end", "normal", bar.getKey());
            svg.rectangle(LABELS, y + 2, values.median() * scale, ROW - 12, color);
            svg.line(
                    LABELS + values.min() * scale,
                    y + 11,
                    LABELS + values.max() * scale,
                    y + 11,
                    2);
            svg.text(
                    LABELS + values.max() * scale + 6,
                    y + 15,
                    "start",
                    "normal",
                    Numbers.text(values.median()));
            y += ROW;
        }
        return svg.toString();
    }
}
