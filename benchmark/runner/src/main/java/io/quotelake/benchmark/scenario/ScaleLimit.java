package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.lake.WrongLakeException;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.ProcessMeter;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import io.quotelake.benchmark.testbed.FlinkJob;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.stack.FlinkCluster;
import io.quotelake.terminal.Failure;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Period;
import java.util.List;

/** More open files than memory can hold: a job that pauses with advice, and the advice followed. */
public final class ScaleLimit implements Scenario {
    private static final String BETWEEN_CHECKPOINTS = "-Dexecution.checkpointing.interval=1h";
    private static final String SHORTER = "-Dexecution.checkpointing.interval=1s";

    private static final Duration LIMIT = Duration.ofMinutes(60);
    private static final String OPEN_FILES = "open files at the pause";
    private static final String RESTARTS = "restarts";
    private static final String PEAK = "TaskManager peak MiB";

    @Override
    public String name() {
        return "scale-limit";
    }

    @Override
    public Result run(Setup setup) {
        int files = (int) setup.rowsOr(1_000_000);
        Feed feed = new SyntheticFeed("files", files, files, Period.ofDays(1));
        Figures figures = measure(setup.testBed(), feed);
        setup.log().accept(name() + " " + figures.values());
        Runs runs = new Runs();
        runs.add(Contestants.QUOTELAKE, 1, figures);
        return Result.of(
                name(),
                "Scale: more open files than memory holds",
                """
                %,d files of one row in a TaskManager of 1.6 GB, first without any checkpoint in between: the job reads no
                more and says what to change, until it is cancelled; then it is submitted again with checkpoints
                every second, and every row is checked. One run; parallelism 2."""
                        .formatted(files),
                runs,
                List.of(
                        Target.atMost(RESTARTS, 0, figures.get(RESTARTS)),
                        Target.atMost(PEAK, 1_600, figures.get(PEAK))));
    }

    private static Figures measure(TestBed testBed, Feed feed) {
        Contestants stuck = new Contestants(testBed, "-p", "2", BETWEEN_CHECKPOINTS);
        Contestants advised = new Contestants(testBed, "-p", "2", SHORTER);
        FlinkCluster cluster = stuck.quotelakeCluster();
        ChildProcess taskManager = cluster.taskManagers().get(0).process();
        String topic = testBed.topic(feed);
        try (TestBed.Table table = testBed.newTable();
                ProcessMeter meter = new ProcessMeter(taskManager.pid())) {
            FlinkJob full = FlinkJob.submit(cluster, stuck.unboundedJob(topic, table.uri()));
            full.await("paused", LIMIT, () -> isPaused(full, feed, taskManager));
            JobStatus pausing = full.status();
            full.cancel();
            if (Files.exists(table.path())) {
                throw new WrongLakeException("Objects are visible before any checkpoint");
            }
            FlinkJob.submit(cluster, advised.boundedJob(topic, table.uri())).awaitFinished(LIMIT);
            LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table.path());
            return new Figures()
                    .put(Figures.FILES, feed.folders())
                    .put(OPEN_FILES, pausing.openFiles())
                    .put(RESTARTS, pausing.restarts())
                    .putUse("TaskManager", meter.stop());
        }
    }

    private static boolean isPaused(FlinkJob job, Feed feed, ChildProcess taskManager) {
        if (!taskManager.isAlive()) {
            throw Failure.atRunTime("The TaskManager died: see " + taskManager.output());
        }
        JobStatus status = job.status();
        if (status.openFiles() == feed.folders()) {
            throw Failure.ofUse(
                    "All %,d files fit into memory: more --rows are needed"
                            .formatted(feed.folders()));
        }
        return status.isReadingPaused();
    }
}
