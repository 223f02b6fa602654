package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.contestant.PacedRun;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Histogram;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long after it was published a row is visible in the bucket. */
public final class Freshness implements Scenario {
    private static final int[] CHECKPOINT_SECONDS = {5, 1};
    private static final int[] ROWS_PER_SECOND = {1_000, 10_000, 100_000};
    private static final int FED_SECONDS = 40;
    private static final long WARM_UP_MILLIS = 10_000;
    private static final String HALF = "p50 s";
    private static final String MOST = "p99 s";

    @Override
    public String name() {
        return "freshness";
    }

    @Override
    public Result run(Setup setup) {
        Runs runs = new Runs();
        for (int round = 1; round <= setup.rounds(); round++) {
            for (int checkpointSeconds : CHECKPOINT_SECONDS) {
                for (int rate : ROWS_PER_SECOND) {
                    String contestant = contestant(rate, checkpointSeconds);
                    Figures figures = measure(setup, rate, checkpointSeconds);
                    setup.log().accept(contestant + " " + figures.values());
                    runs.add(contestant, round, figures);
                }
            }
        }
        List<Target> targets = new ArrayList<>();
        double most = runs.of(contestant(10_000, 5), MOST).orElseThrow().median();
        targets.add(Target.atMost("p99 in s at 10,000 rows/s, checkpoints every 5 s", 7, most));
        most = runs.of(contestant(10_000, 1), MOST).orElseThrow().median();
        targets.add(Target.atMost("p99 in s at 10,000 rows/s, checkpoints every 1 s", 2.5, most));
        return Result.of(
                name(),
                "Freshness: from published to visible",
                """
                From the record's timestamp, which the producer's client sets when a row is sent, to the moment at which
                its object appears in the bucket; every row counts that was sent after the first %d s of %d. Files roll
                at each checkpoint (`--roll-interval 500ms`); 14 folders, parallelism 2."""
                        .formatted(WARM_UP_MILLIS / 1000, FED_SECONDS),
                runs,
                targets,
                Result.ChartOf.bars("99 of 100 rows are visible after", MOST));
    }

    private static Figures measure(Setup setup, int rate, int checkpointSeconds) {
        Feed feed =
                new SyntheticFeed(
                        "freshness-" + rate, (long) rate * FED_SECONDS, 14, Period.ofDays(1));
        Contestants contestants =
                new Contestants(
                        setup.testBed(),
                        "-p",
                        "2",
                        "-Dexecution.checkpointing.interval=" + checkpointSeconds + "s");
        Histogram histogram = new Histogram();
        long[] begin = new long[1];
        new PacedRun(setup.testBed(), contestants, feed, rate)
                .run(
                        () -> begin[0] = System.currentTimeMillis(),
                        (published, visible) -> {
                            if (published > begin[0] + WARM_UP_MILLIS) {
                                histogram.add(visible - published);
                            }
                        },
                        "--roll-interval",
                        "500ms",
                        "--roll-inactivity",
                        "500ms");
        return new Figures()
                .put(HALF, histogram.percentileSeconds(50))
                .put(MOST, histogram.percentileSeconds(99))
                .put("slowest row s", histogram.percentileSeconds(100));
    }

    private static String contestant(int rate, int checkpointSeconds) {
        return String.format(
                Locale.ROOT,
                "Quotelake, %,d rows/s, checkpoints every %d s",
                rate,
                checkpointSeconds);
    }
}
