package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestant;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.testbed.TestBed;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What every scenario is given.
 *
 * @param testBed where to measure
 * @param rounds how many measured runs each contestant has
 * @param rows how many rows, if the caller asked for a number
 * @param log is told of each run, one line each
 */
public record Setup(TestBed testBed, int rounds, OptionalLong rows, Consumer<String> log) {

    /** The number of rows that the caller asked for, or the scenario's own. */
    public long rowsOr(long usual) {
        return rows.orElse(usual);
    }

    /**
     * Lets contestants run in turn over the same feed, A B A B …, after one run of each that warms
     * up and counts for nothing.
     */
    public Runs pairs(Feed feed, List<Contestant> contestants) {
        return pairs(feed, contestants, 1);
    }

    /**
     * As {@link #pairs(Feed, List)}, with so many runs to warm up; 0 means that the first run
     * counts.
     */
    public Runs pairs(Feed feed, List<Contestant> contestants, int warmUps) {
        Runs runs = new Runs();
        for (int round = 1 - warmUps; round <= rounds; round++) {
            for (Contestant contestant : contestants) {
                Figures figures = contestant.run(feed);
                log(round < 1 ? "warm-up" : round + "/" + rounds, feed, contestant.name(), figures);
                if (round > 0) {
                    runs.add(contestant.name(), round, figures);
                }
            }
        }
        return runs;
    }

    /** One run, which is logged. */
    public Figures once(Feed feed, Contestant contestant) {
        Figures figures = contestant.run(feed);
        log("once", feed, contestant.name(), figures);
        return figures;
    }

    private void log(String round, Feed feed, String contestant, Figures figures) {
        log.accept(
                String.format(
                        Locale.ROOT,
                        "%-18s %-8s %-40s %8.2f s %,12.0f rows/s%s",
                        feed.name(),
                        round,
                        contestant,
                        figures.get(Figures.SECONDS),
                        figures.get(Figures.ROWS_PER_SECOND),
                        cpu(figures)));
    }

    private static String cpu(Figures figures) {
        Double cpu = figures.values().get(Figures.TASK_MANAGER_CPU_MICROS_PER_ROW);
        return cpu == null ? "" : String.format(Locale.ROOT, "  TaskManager %.2f µs/row", cpu);
    }
}
