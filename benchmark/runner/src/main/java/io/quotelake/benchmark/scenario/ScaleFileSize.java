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

/** How memory grows with the size of one file. */
public final class ScaleFileSize implements Scenario {
    /** In the lake a row has some 240 bytes: together 1 GB. */
    private static final long ROWS = 4_500_000;

    private static final String PEAK = "TaskManager peak MiB";
    private static final String WHOLE = "Quotelake, the whole file";
    private static final String TENTH = "Quotelake, a tenth of it";

    @Override
    public String name() {
        return "scale-file-size";
    }

    @Override
    public Result run(Setup setup) {
        Contestant quotelake =
                new Contestants(setup.testBed(), "-p", "2")
                        .quotelake(
                                "Quotelake",
                                "--roll-size",
                                "8gb",
                                "--roll-interval",
                                "1h",
                                "--roll-inactivity",
                                "1h");
        Feed whole = feed(setup.rowsOr(ROWS));
        Feed tenth = feed(Math.max(1, whole.rows() / 10));
        setup.once(whole, quotelake);
        Runs runs = new Runs();
        for (int round = 1; round <= setup.rounds(); round++) {
            runs.add(TENTH, round, setup.once(tenth, quotelake));
            runs.add(WHOLE, round, setup.once(whole, quotelake));
        }
        return Result.of(
                name(),
                "Scale: one file",
                """
                %,d rows into one folder and one file that stays open over checkpoints every 5 s until the end, and a
                tenth of them; parallelism 2, warm."""
                        .formatted(whole.rows()),
                runs,
                List.of(
                        Target.atMost(
                                "files", 1, runs.of(WHOLE, Figures.FILES).orElseThrow().max()),
                        Target.atMost(
                                "TaskManager memory for the whole file over that for a tenth",
                                1.1,
                                runs.ratios(WHOLE, TENTH, PEAK).median())),
                Result.ChartOf.line("Memory over the file's size", PEAK, Figures.BUCKET_MIB));
    }

    private static Feed feed(long rows) {
        return new SyntheticFeed("one-file", rows, 1, Period.ofDays(1));
    }
}
