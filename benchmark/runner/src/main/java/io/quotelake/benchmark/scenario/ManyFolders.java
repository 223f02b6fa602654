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

/** Many folders that all get rows all the time, over several checkpoints. */
public final class ManyFolders implements Scenario {
    private static final String SAME_COLUMNS = "Quotelake, same columns";

    private final String name;
    private final String title;
    private final int dates;
    private final Period apart;
    private final long rows;

    private ManyFolders(String name, String title, int dates, Period apart, long rows) {
        this.name = name;
        this.title = title;
        this.dates = dates;
        this.apart = apart;
        this.rows = rows;
    }

    /** Fourteen indices by 66 months. */
    public static Scenario months() {
        return new ManyFolders(
                "months", "Months: 924 folders at once", 66, Period.ofMonths(1), 4_000_000);
    }

    /** Fourteen indices by 250 days, 1,000 rows each. */
    public static Scenario wide() {
        return new ManyFolders(
                "wide", "Wide: 3,500 folders at once", 250, Period.ofDays(1), 3_500_000);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Result run(Setup setup) {
        Contestants contestants = new Contestants(setup.testBed(), "-p", "2");
        Feed feed = new SyntheticFeed(name, setup.rowsOr(rows), 14 * dates, apart);
        Runs runs =
                setup.pairs(
                        feed,
                        List.of(
                                contestants.flinkSql(),
                                contestants.quotelake(SAME_COLUMNS, "--no-lineage"),
                                contestants.quotelake(
                                        SAME_COLUMNS + ", zstd",
                                        "--no-lineage",
                                        "--compression",
                                        "zstd")));
        return Result.of(
                name,
                title,
                """
                %,d rows of some 180 bytes, one folder after the other gets a row: %,d folders, %,d rows each;
                parallelism 2, checkpoints every 5 s. Flink SQL does not compress JSON; *zstd* stands beside for what it
                saves."""
                        .formatted(feed.rows(), feed.folders(), feed.rows() / feed.folders()),
                runs,
                List.of(
                        Target.atLeast(
                                "rows/s over Flink SQL's",
                                2,
                                runs.ratios(
                                                SAME_COLUMNS,
                                                Contestants.FLINK_SQL,
                                                Figures.ROWS_PER_SECOND)
                                        .median())),
                Result.ChartOf.bars(title, Figures.ROWS_PER_SECOND));
    }
}
