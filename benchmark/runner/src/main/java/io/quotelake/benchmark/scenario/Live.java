package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.BareConsumer;
import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.measure.Distribution;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.time.Period;
import java.util.List;

/** Few big files: fourteen indices of one day. */
public final class Live implements Scenario {
    private static final String SAME_COLUMNS = "Quotelake, same columns";
    private static final String FULL_ROW = "Quotelake, full row";
    private static final String FLINK_WRITER = "Same job, Flink's S3 plugin";

    @Override
    public String name() {
        return "live";
    }

    @Override
    public Result run(Setup setup) {
        Contestants contestants = new Contestants(setup.testBed(), "-p", "2");
        Feed feed = new SyntheticFeed("live", setup.rowsOr(6_000_000), 14, Period.ofDays(1));
        Runs runs =
                setup.pairs(
                        feed,
                        List.of(
                                contestants.flinkSql(),
                                contestants.quotelake(SAME_COLUMNS, "--no-lineage"),
                                contestants.quotelake(FULL_ROW),
                                contestants.flinkWriter(FLINK_WRITER, "--no-lineage"),
                                new BareConsumer(setup.testBed())));
        String sql = Contestants.FLINK_SQL;
        Distribution cpu = runs.ratios(SAME_COLUMNS, sql, Figures.TASK_MANAGER_CPU_MICROS_PER_ROW);
        return Result.of(
                name(),
                "Live: few big files",
                """
                %,d rows of some 180 bytes for 14 indices on one day, in a topic of 14 partitions; parallelism 2,
                checkpoints every 5 s. *Same columns* leaves the `kafka_` columns out (`--no-lineage`), as Flink SQL
                does."""
                        .formatted(feed.rows()),
                runs,
                List.of(
                        Target.atLeast(
                                "rows/s over Flink SQL's, default settings",
                                2.3,
                                speed(runs, SAME_COLUMNS, sql)),
                        Target.atMost(
                                "TaskManager CPU a row over Flink SQL's, default settings",
                                0.37,
                                cpu.median()),
                        Target.atLeast(
                                "rows/s over Flink SQL's, full row", 1, speed(runs, FULL_ROW, sql)),
                        Target.atLeast(
                                "rows/s over the same job's with Flink's S3 plugin",
                                1,
                                speed(runs, SAME_COLUMNS, FLINK_WRITER))),
                Result.ChartOf.bars("Few big files", Figures.ROWS_PER_SECOND),
                Result.ChartOf.bars("What a row costs", Figures.TASK_MANAGER_CPU_MICROS_PER_ROW));
    }

    private static double speed(Runs runs, String contestant, String other) {
        return runs.ratios(contestant, other, Figures.ROWS_PER_SECOND).median();
    }
}
