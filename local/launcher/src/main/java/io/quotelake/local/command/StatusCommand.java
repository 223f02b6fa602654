package io.quotelake.local.command;

import io.quotelake.local.Count;
import io.quotelake.local.Failure;
import io.quotelake.local.Workspace;
import io.quotelake.local.job.Checkpoints;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.job.Lag;
import io.quotelake.local.job.LocalTables;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.lake.LakeFolder;
import io.quotelake.local.lake.PartitionTree;
import io.quotelake.local.lake.RowCounter;
import io.quotelake.local.stack.FlinkRest;
import io.quotelake.local.stack.RunningStack;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how the running stack is, on one screen. */
@Command(
        name = "status",
        sortOptions = false,
        description = "Show on one screen how the running stack and its job are.")
public final class StatusCommand implements Callable<Integer> {
    private static final int REFRESH_SECONDS = 2;

    /** Flink gathers figures when it is asked, and answers with those of the last time. */
    private static final Duration GATHER = Duration.ofSeconds(1);

    /** The screen is there within some two seconds, whatever hangs. */
    private static final Duration ANSWER_WITHIN = Duration.ofMillis(800);

    private static final Duration COUNT_WITHIN = Duration.ofMillis(300);

    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    @Mixin private HelpOption help;

    @Option(
            names = "--watch",
            description = "Show it again every " + REFRESH_SECONDS + " seconds, until Ctrl-C.")
    private boolean watch;

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        RunningStack stack = RunningStack.require(workspace.state());
        RowCounter counter = new RowCounter(lake(workspace));
        long asked = System.nanoTime();
        gather(stack.rest(ANSWER_WITHIN));
        counter.count(GATHER);
        Duration rest = GATHER.minusNanos(System.nanoTime() - asked);
        TimeUnit.NANOSECONDS.sleep(Math.max(0, rest.toNanos()));
        show(workspace, stack, counter);
        while (watch) {
            TimeUnit.SECONDS.sleep(REFRESH_SECONDS);
            show(workspace, RunningStack.require(workspace.state()), counter);
        }
        return 0;
    }

    /** Lets Flink gather the figures that it will answer with. */
    private static void gather(FlinkRest rest) {
        try {
            for (String id : rest.unendedJobs()) {
                JobStatus.of(rest, id);
            }
        } catch (IOException e) {
            return; // The JobManager is away, as the lines will say.
        }
    }

    private void show(Workspace workspace, RunningStack stack, RowCounter counter)
            throws IOException {
        List<String> lines = new ArrayList<>();
        if (watch && workspace.console().isTerminal()) {
            lines.add(CLEAR_SCREEN);
        }
        lines.addAll(lines(workspace, stack, counter));
        workspace.console().lines(lines);
    }

    static List<String> lines(Workspace workspace, RunningStack stack, RowCounter counter)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(
                line("Broker", "%s %s", stack.bootstrapServers(), upOrDown(stack.brokerAnswers())));
        lines.add(line("S3", "%s %s", stack.s3(), upOrDown(stack.s3Answers())));
        lines.addAll(flink(workspace, stack.rest(ANSWER_WITHIN)));
        boolean all = counter.count(COUNT_WITHIN);
        lines.add(
                line(
                        "Lake",
                        "%s%s in %s under s3://%s/%s",
                        all ? "" : "at least ",
                        Count.of(counter.rows(), "row"),
                        Count.of(counter.files(), "file"),
                        workspace.settings().bucket(),
                        workspace.settings().topic()));
        return lines;
    }

    private static List<String> flink(Workspace workspace, FlinkRest rest) {
        List<String> lines = new ArrayList<>();
        try {
            lines.add(
                    line(
                            "Flink",
                            "%s up, %s",
                            rest.address(),
                            Count.of(
                                    rest.get("/overview").path("taskmanagers").asInt(),
                                    "TaskManager")));
            List<String> jobs = rest.unendedJobs();
            if (jobs.isEmpty()) {
                lines.add(line("Job", "none runs: %s", advice(workspace)));
            }
            for (String id : jobs) {
                JobStatus job = JobStatus.of(rest, id);
                lines.addAll(job(job, lag(rest, job)));
            }
        } catch (IOException e) {
            lines.add(line("Flink", "%s %s", rest.address(), upOrDown(false)));
        }
        return lines;
    }

    /** A job that has written is resumed: submitted anew, it would write its rows again. */
    private static String advice(Workspace workspace) throws IOException {
        List<Submission> newestFirst = new ArrayList<>(new Submissions(workspace.state()).all());
        Collections.reverse(newestFirst);
        for (Submission submission : newestFirst) {
            if (new Checkpoints(workspace.state()).isKept(submission)) {
                return "./quotelake submit --resume%s goes on with the one to %s"
                        .formatted(
                                submission.equals(newestFirst.get(0))
                                        ? ""
                                        : " --job " + submission.currentJobId(),
                                submission.output());
            }
        }
        return newestFirst.stream()
                .filter(ended -> new LocalTables(workspace.state()).hasRows(ended.output()))
                .map(
                        ended ->
                                "%s has ended and left nothing to resume from; docs/operations.md, \"Resume\", says what to do"
                                        .formatted(ended.currentJobId()))
                .findFirst()
                .orElse("./quotelake submit starts one");
    }

    private static Lag lag(FlinkRest rest, JobStatus job) throws IOException {
        try {
            return Lag.of(rest, job.id(), job.lag());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("interrupted");
        }
    }

    private static List<String> job(JobStatus job, Lag lag) {
        String reasons =
                job.deadLetters().entrySet().stream()
                        .map(reason -> reason.getKey() + " " + reason.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
        long dead = job.deadLetters().values().stream().mapToLong(Long::longValue).sum();
        return List.of(
                line(
                        "Job",
                        "%s for %s, %s, %s",
                        job.state(),
                        brief(job.age()),
                        Count.of(job.restarts(), "restart"),
                        job.id()),
                line(
                        "Rows",
                        "%,.1f/s in, %,.1f/s out, lag %s",
                        job.quotesPerSecond(),
                        job.rowsPerSecond(),
                        lag),
                line(
                        "Checkpoint",
                        "%s%s",
                        job.checkpoint().map(StatusCommand::checkpoint).orElse("none yet"),
                        job.failedCheckpoint().map(why -> "; the last failed: " + why).orElse("")),
                line("Alive", "%s", alive(job.stalledCheckpoints())),
                line(
                        "Open files",
                        "%,d%s",
                        job.openFiles(),
                        job.isReadingPaused()
                                ? "; reading pauses until the next checkpoint: they fill their memory"
                                : ""),
                line(
                        "Dead letters",
                        "%,d of %,d records since the job's start%s",
                        dead,
                        job.quotes(),
                        dead == 0 ? "" : reasons));
    }

    /** What came just before a checkpoint is not read yet when it completes. */
    private static String alive(long stalledCheckpoints) {
        return stalledCheckpoints < 2
                ? "yes"
                : String.format(
                        Locale.ROOT,
                        "NO: records wait, and none was read over %,d completed checkpoints;"
                                + " docs/operations.md, \"QuotelakeStalled\", says what to do",
                        stalledCheckpoints);
    }

    private static String checkpoint(JobStatus.Checkpoint checkpoint) {
        return String.format(
                Locale.ROOT,
                "%s ago, took %.1f s, %s",
                brief(Duration.between(checkpoint.completed(), Instant.now())),
                checkpoint.duration().toMillis() / 1000.0,
                PartitionTree.size(checkpoint.bytes()));
    }

    private static LakeFolder lake(Workspace workspace) {
        return new LakeFolder(
                workspace
                        .state()
                        .s3()
                        .resolve(workspace.settings().bucket())
                        .resolve(workspace.settings().topic()));
    }

    private static String line(String what, String format, Object... arguments) {
        return String.format(Locale.ROOT, "%-13s", what)
                + String.format(Locale.ROOT, format, arguments);
    }

    private static String upOrDown(boolean up) {
        return up ? "up" : "DOWN";
    }

    private static String brief(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
}
