package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestant;
import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.contestant.PutPerMessage;
import io.quotelake.benchmark.contestant.SparkContestant;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.ProcessUsage;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of the history, for contestants that would need many minutes for the whole, or more file
 * descriptors.
 */
public final class HistoryPeers implements Scenario {
    private static final String FLINK_WRITER = "Same job, Flink's S3 plugin";
    private static final int CONCURRENCY = 16;

    /**
     * Flink's S3 plugin holds one descriptor for each open file, beside those that any cluster has.
     */
    private static final int OTHER_DESCRIPTORS = 2_000;

    @Override
    public String name() {
        return "history-peers";
    }

    @Override
    public Result run(Setup setup) {
        Contestants contestants = new Contestants(setup.testBed(), "-p", "2");
        long affordable = ProcessUsage.ofThisProcess().descriptorLimit() - OTHER_DESCRIPTORS;
        int folders = (int) setup.rowsOr(Math.min(20_000, affordable));
        Feed feed = new SyntheticFeed("history", folders, folders, Period.ofDays(1));
        List<Contestant> all = new ArrayList<>();
        all.add(contestants.quotelake(Contestants.QUOTELAKE));
        all.add(new PutPerMessage(setup.testBed(), CONCURRENCY));
        SparkContestant.ifBuilt(setup.testBed()).ifPresent(all::add);
        all.add(contestants.flinkWriter(FLINK_WRITER));
        all.add(contestants.flinkSql());
        Runs runs = new Setup(setup.testBed(), 1, setup.rows(), setup.log()).pairs(feed, all, 0);
        List<Target> targets = new ArrayList<>();
        targets.add(
                Target.atLeast("times as fast as Flink's S3 plugin", 8, speed(runs, FLINK_WRITER)));
        if (runs.contestants().contains(SparkContestant.NAME)) {
            targets.add(
                    Target.atLeast("times as fast as Spark", 3, speed(runs, SparkContestant.NAME)));
        }
        return Result.of(
                name(),
                "History beside peers: a part of it, once",
                """
                %,d rows into as many folders: one run each, without a warm-up, because some take minutes. The stock
                plugin and Flink SQL hold a file descriptor for each open file: that many are affordable here. Spark (if
                built) is Structured Streaming in one process of its own, timed from where Spark itself is up."""
                        .formatted(folders),
                runs,
                targets,
                Result.ChartOf.bars(
                        "A file for each of %,d rows".formatted(folders), Figures.SECONDS));
    }

    private static double speed(Runs runs, String other) {
        return runs.ratios(Contestants.QUOTELAKE, other, Figures.ROWS_PER_SECOND).median();
    }
}
