package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.BarePuts;
import io.quotelake.benchmark.contestant.Contestant;
import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;

/** The whole data set by day: each row is a folder and a file of its own. */
public final class History implements Scenario {
    private static final int CONCURRENCY = 16;

    @Override
    public String name() {
        return "history";
    }

    @Override
    public Result run(Setup setup) {
        Contestants contestants = new Contestants(setup.testBed(), "-p", "2");
        Contestant quotelake = contestants.quotelake(Contestants.QUOTELAKE);
        int folders = (int) setup.rowsOr(104_224);
        Feed feed = new SyntheticFeed("history", folders, folders, Period.ofDays(1));
        Runs runs =
                setup.pairs(feed, List.of(quotelake, new BarePuts(setup.testBed(), CONCURRENCY)));
        double overLimit =
                runs.ratios(Contestants.QUOTELAKE, BarePuts.NAME, Figures.SECONDS).median();
        List<Target> targets = new ArrayList<>();
        targets.add(Target.atMost("seconds over the bare PUT loop's", 1.5, overLimit));
        targets.add(
                Target.atMost("S3 write requests a file", 1, most(runs, Figures.WRITES_PER_FILE)));
        targets.add(
                Target.atMost(
                        "other S3 requests, of all files",
                        100,
                        most(runs, Figures.REQUESTS_BESIDE_WRITES)));
        targets.add(
                Target.atMost(
                        "TaskManager descriptors", 200, most(runs, "TaskManager descriptors")));
        targets.add(
                Target.atMost("TaskManager peak MiB", 1_600, most(runs, "TaskManager peak MiB")));
        return Result.of(
                name(),
                "History: a folder for each row",
                """
                %,d rows into as many folders, a file of one row in each; parallelism 2, checkpoints every 5 s, %d
                commits at once. The limit is AWS's client in Java that puts the same objects, %d at once, and does
                nothing else."""
                        .formatted(folders, CONCURRENCY, CONCURRENCY),
                runs,
                targets,
                Result.ChartOf.bars(
                        "A file for each of %,d rows".formatted(folders), Figures.SECONDS));
    }

    private static double most(Runs runs, String figure) {
        return runs.of(Contestants.QUOTELAKE, figure).orElseThrow().max();
    }
}
