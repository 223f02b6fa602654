package io.quotelake.benchmark.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.ProcessMeter;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import io.quotelake.benchmark.testbed.FlinkJob;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.FlinkCluster;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Locale;

/** What files cost that stay open over checkpoints. */
public final class ScaleFiles implements Scenario {
    private static final int[] FILES = {10, 100, 1_000, 10_000, 100_000, 300_000};
    private static final String TASK_MANAGER_SIZE = "3g";
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final String OPEN_FILES = "open files";
    private static final String CHECKPOINT_MIB = "checkpoint MiB";

    @Override
    public String name() {
        return "scale-files";
    }

    @Override
    public Result run(Setup setup) {
        Contestants contestants = new Contestants(setup.testBed(), "-p", "2");
        Runs runs = new Runs();
        for (int files : FILES) {
            if (files > setup.rowsOr(files)) {
                continue;
            }
            Feed feed = new SyntheticFeed("files", files, files, Period.ofDays(1));
            Figures figures = measure(setup.testBed(), contestants, feed);
            setup.log().accept(name() + " " + figures.values());
            runs.add(String.format(Locale.ROOT, "%,d files", files), 1, figures);
        }
        return Result.of(
                name(),
                "Scale: open files",
                """
                Files of one row each that stay open (`--roll-interval 1h --roll-inactivity 1h`): the checkpoint that
                holds them all, and the memory of a TaskManager of 3 GB. Then the job is drained and every row checked.
                One run each; parallelism 2.""",
                runs,
                List.of(),
                Result.ChartOf.line("Checkpoint over open files", CHECKPOINT_MIB, OPEN_FILES));
    }

    private static Figures measure(TestBed testBed, Contestants contestants, Feed feed) {
        String topic = testBed.topic(feed);
        try (TestBed.Table table = testBed.newTable()) {
            FlinkCluster cluster = contestants.quotelakeCluster(TASK_MANAGER_SIZE);
            long pid = cluster.taskManagers().get(0).process().pid();
            try (ProcessMeter meter = new ProcessMeter(pid)) {
                List<String> words =
                        contestants.unboundedJob(
                                topic,
                                table.uri(),
                                "--roll-interval",
                                "1h",
                                "--roll-inactivity",
                                "1h");
                FlinkJob job = FlinkJob.submit(cluster, words);
                job.awaitRunning(LIMIT);
                job.await(
                        "opened " + feed.folders() + " files",
                        LIMIT,
                        () -> job.status().openFiles() == feed.folders());
                // The first may have begun before the last file was opened.
                job.awaitCheckpoints(2, LIMIT);
                JsonNode checkpoint = job.lastCheckpoint();
                Figures figures =
                        new Figures()
                                .put(OPEN_FILES, feed.folders())
                                .putMebibytes(
                                        CHECKPOINT_MIB, checkpoint.path("state_size").asLong())
                                .put(
                                        "checkpoint s",
                                        checkpoint.path("end_to_end_duration").asLong() / 1e3)
                                .putUse("TaskManager", meter.stop());
                job.drain();
                LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table.path());
                return figures;
            }
        }
    }
}
