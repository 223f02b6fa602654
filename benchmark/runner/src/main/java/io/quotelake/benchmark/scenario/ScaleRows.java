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
import java.util.stream.Stream;

/** How time and memory grow with rows. */
public final class ScaleRows implements Scenario {
    private static final String MILLION_ROWS = "million rows";
    private static final String PEAK = "TaskManager peak MiB";

    @Override
    public String name() {
        return "scale-rows";
    }

    @Override
    public Result run(Setup setup) {
        Contestant quotelake = new Contestants(setup.testBed(), "-p", "2").quotelake("Quotelake");
        long most = setup.rowsOr(50_000_000);
        List<Feed> feeds =
                Stream.of(most / 50, most / 5, most)
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
        String fifth = contestant(most / 5);
        String all = contestant(most);
        return Result.of(
                name(),
                "Scale: rows",
                "%,d rows, a fifth and a fiftieth of them into 14 folders; parallelism 2, checkpoints every 5 s, warm."
                        .formatted(most),
                runs,
                List.of(
                        Target.atMost(
                                "seconds for all rows over 5 times those for a fifth",
                                1.15,
                                runs.ratios(all, fifth, Figures.SECONDS).median() / 5),
                        Target.atMost(
                                "TaskManager memory for all rows over that for a fifth",
                                1.1,
                                runs.ratios(all, fifth, PEAK).median())),
                Result.ChartOf.line("Time over rows", Figures.SECONDS, MILLION_ROWS),
                Result.ChartOf.line("Memory over rows", PEAK, MILLION_ROWS));
    }

    private static String contestant(long rows) {
        return String.format(Locale.ROOT, "%,d rows", rows);
    }
}
