package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.time.Period;
import java.util.List;

/** What a second slot costs. */
public final class ScaleSlots implements Scenario {
    private static final String ONE = "Quotelake, parallelism 1";
    private static final String TWO = "Quotelake, parallelism 2";

    @Override
    public String name() {
        return "scale-slots";
    }

    @Override
    public Result run(Setup setup) {
        Feed feed = new SyntheticFeed("live", setup.rowsOr(6_000_000), 14, Period.ofDays(1));
        Runs runs =
                setup.pairs(
                        feed,
                        List.of(
                                new Contestants(setup.testBed(), "-p", "1").quotelake(ONE),
                                new Contestants(setup.testBed(), "-p", "2").quotelake(TWO)));
        return Result.of(
                name(),
                "Scale: slots",
                "%,d rows into 14 folders, with one slot and with two of the same TaskManager; warm."
                        .formatted(feed.rows()),
                runs,
                List.of(
                        Target.atMost(
                                "TaskManager CPU a row at two slots over one",
                                1.15,
                                runs.ratios(TWO, ONE, Figures.TASK_MANAGER_CPU_MICROS_PER_ROW)
                                        .median())),
                Result.ChartOf.bars("One slot and two", Figures.ROWS_PER_SECOND));
    }
}
