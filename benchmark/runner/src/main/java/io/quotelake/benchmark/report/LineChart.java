package io.quotelake.benchmark.report;

import java.util.List;
import java.util.Locale;

/** Points joined by a line, on axes that begin at zero, as SVG. */
final class LineChart {
    private static final int LEFT = 80;
    private static final int WIDTH = 640;
    private static final int TOP = 44;
    private static final int HEIGHT = 260;
    private static final int TICKS = 4;

    /**
     * A point.
     *
     * @param x to the right
     * @param y upward
     */
    record Point(double x, double y) {}

    private LineChart() {}

    static String svg(String title, String xUnit, String yUnit, List<Point> points) {
        List<Point> sorted = points.stream().sorted((a, b) -> Double.compare(a.x, b.x)).toList();
        double xMax = points.stream().mapToDouble(Point::x).max().orElseThrow();
        double yMax = Math.max(points.stream().mapToDouble(Point::y).max().orElseThrow(), 1e-9);
        Svg svg = new Svg(LEFT + WIDTH + 40, TOP + HEIGHT + 60);
        svg.text(10, 24, "start", "bold", title + " (" + yUnit + ")");
        for (int tick = 0; tick <= TICKS; tick++) {
            double y = TOP + HEIGHT - (double) HEIGHT * tick / TICKS;
            double x = LEFT + (double) WIDTH * tick / TICKS;
            svg.line(LEFT, y, LEFT + WIDTH, y, 0.3);
            svg.text(LEFT - 8, y + 4, "end", "normal", Numbers.text(yMax * tick / TICKS));
            svg.text(x, TOP + HEIGHT + 20, "middle", "normal", Numbers.text(xMax * tick / TICKS));
        }
        svg.text(LEFT + WIDTH / 2.0, TOP + HEIGHT + 44, "middle", "normal", xUnit);
        StringBuilder path = new StringBuilder();
        for (Point point : sorted) {
            double x = LEFT + point.x / xMax * WIDTH;
            double y = TOP + HEIGHT - point.y / yMax * HEIGHT;
            path.append(
                    String.format(Locale.ROOT, "%s%.1f %.1f ", path.isEmpty() ? "M" : "L", x, y));
            svg.circle(x, y);
        }
        svg.path(path.toString().trim());
        return svg.toString();
    }
}
