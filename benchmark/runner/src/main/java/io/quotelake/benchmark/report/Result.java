package io.quotelake.benchmark.report;

import io.quotelake.benchmark.measure.Run;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import java.util.List;

/**
 * What a scenario showed, as it is kept in its JSON file.
 *
 * @param scenario its name
 * @param title a heading
 * @param method what was measured and how, as Markdown
 * @param machine where and when
 * @param runs every measured run
 * @param targets what was asked, and whether it was met
 * @param charts what to draw
 */
public record Result(
        String scenario,
        String title,
        String method,
        Machine machine,
        List<Run> runs,
        List<Target> targets,
        List<ChartOf> charts) {

    /** A result that was measured now, on this machine. */
    public static Result of(
            String scenario,
            String title,
            String method,
            Runs runs,
            List<Target> targets,
            ChartOf... charts) {
        return new Result(
                scenario, title, method, Machine.current(), runs.all(), targets, List.of(charts));
    }

    /**
     * A drawing of the runs: bars of one figure, or its course over another one.
     *
     * @param title above it
     * @param figure the figure of the bars' lengths or of the upward axis
     * @param over the figure of the axis to the right, on which contestants are points; null for
     *     bars
     */
    public record ChartOf(String title, String figure, String over) {

        public static ChartOf bars(String title, String figure) {
            return new ChartOf(title, figure, null);
        }

        public static ChartOf line(String title, String figure, String over) {
            return new ChartOf(title, figure, over);
        }
    }
}
