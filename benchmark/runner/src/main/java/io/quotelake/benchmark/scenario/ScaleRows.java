package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestant;
import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.time.Period;
import java.util.List;
import java.util.Locale;

/** How time and memory grow with rows. */
public final class ScaleRows implements Scenario {
    private static final List<Long> ROWS = List.of(1_000_000L, 10_000_000L, 50_000_000L);
    private static final String MILLION_ROWS = "million rows";
    private static final String PEAK = "TaskManager peak MiB";

    @Override
    public String name() {
        return "scale-rows";
    }

    @Override
    public Result run(Setup setup) {
        Contestant quotelake = new Contestants(setup.testBed(), "-p", "2").quotelake("Quotelake");
        List<Feed> feeds =
                ROWS.stream()
                        .<Feed>map(rows -> new SyntheticFeed("scale", rows, 14, Period.ofDays(1)))
                        .toList();
        Runs runs = new Runs();
        setup.once(feeds.get(1), quotelake);
        for (int round = 1; round <= setup.rounds(); round++) {
            for (Feed feed : feeds) {
                Figures figures = setup.once(feed, quotelake);
                runs.add(
                        contestant(feed.rows()),
                        round,
                        figures.put(MILLION_ROWS, feed.rows() / 1e6));
            }
        }
        String ten = contestant(ROWS.get(1));
        String fifty = contestant(ROWS.get(2));
        return Result.of(
                name(),
                "Scale: rows",
                "1, 10 and 50 million rows into 14 folders; parallelism 2, checkpoints every 5 s, warm.",
                runs,
                List.of(
                        Target.atMost(
                                "seconds for 50 M rows over 5 times those for 10 M",
                                1.15,
                                runs.ratios(fifty, ten, Figures.SECONDS).median() / 5),
                        Target.atMost(
                                "TaskManager memory for 50 M rows over that for 10 M",
                                1.1,
                                runs.ratios(fifty, ten, PEAK).median())),
                Result.ChartOf.line("Time over rows", Figures.SECONDS, MILLION_ROWS),
                Result.ChartOf.line("Memory over rows", PEAK, MILLION_ROWS));
    }

    private static String contestant(long rows) {
        return String.format(Locale.ROOT, "%,d rows", rows);
    }
}
