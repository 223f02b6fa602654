package io.quotelake.local.command;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.job.LocalTables;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.RunningStack.Answer;
import io.quotelake.local.stack.Workspace;
import io.quotelake.local.status.Lag;
import io.quotelake.local.status.LakeCounts;
import io.quotelake.local.status.NextStep;
import io.quotelake.terminal.Console;
import io.quotelake.terminal.Count;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.table.PartitionTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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
    private static final long GATHER_MILLIS = 600;

    /** The screen is there within some two seconds, whatever hangs. */
    private static final Duration ANSWER_WITHIN = Duration.ofMillis(800);

    /** All answers about the jobs together. */
    private static final Duration JOBS_WITHIN = Duration.ofMillis(1500);

    /** A count of this age is as good as new. */
    private static final Duration FRESH = Duration.ofSeconds(5);

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
        if (gather(stack.rest(ANSWER_WITHIN))) {
            TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
        }
        show(workspace.console(), stack);
        while (watch) {
            TimeUnit.SECONDS.sleep(REFRESH_SECONDS);
            show(workspace.console(), RunningStack.require(workspace.state()));
        }
        return 0;
    }

    /** Lets Flink gather the figures that it will answer with, if it answers. */
    private static boolean gather(FlinkRest rest) {
        try {
            for (String id : rest.unendedJobs()) {
                JobStatus.of(rest, id);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void show(Console console, RunningStack stack) throws IOException {
        List<String> lines = new ArrayList<>();
        if (watch && console.isTerminal()) {
            lines.add(CLEAR_SCREEN);
        }
        lines.addAll(lines(stack));
        console.lines(lines);
    }

    /** Each service is asked beside the others: one that hangs holds up nobody. */
    private static List<String> lines(RunningStack stack) throws IOException {
        CompletableFuture<Answer> broker = CompletableFuture.supplyAsync(stack::broker);
        CompletableFuture<Answer> s3 = CompletableFuture.supplyAsync(stack::s3Endpoint);
        String silent = line("Flink", "%s %s", stack.web(), Answer.SILENT);
        CompletableFuture<List<String>> flink =
                CompletableFuture.supplyAsync(() -> flink(stack))
                        .completeOnTimeout(
                                List.of(silent), JOBS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        List<String> lines = new ArrayList<>();
        lines.add(line("Broker", "%s %s", stack.bootstrapServers(), broker.join()));
        lines.add(line("S3", "%s %s", stack.s3(), s3.join()));
        lines.addAll(flink.join());
        lines.addAll(lakes(stack));
        return lines;
    }

    private static List<String> flink(RunningStack stack) {
        FlinkRest rest = stack.rest(ANSWER_WITHIN);
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
            Map<String, String> states = rest.jobs();
            for (String id : rest.unendedJobs()) {
                JobStatus job = JobStatus.of(rest, id);
                lines.addAll(job(job, lag(rest, job)));
            }
            new Submissions(stack.state())
                    .all().stream()
                            .filter(job -> !job.ended() && !states.containsKey(job.currentJobId()))
                            .forEach(job -> lines.addAll(lost(job)));
            if (lines.size() == 1) {
                lines.add(line("Job", "none runs: %s", new NextStep(stack).advice(rest)));
            }
        } catch (IOException e) {
            lines.clear();
            lines.add(line("Flink", "%s %s", rest.address(), Answer.of(e)));
        }
        return lines;
    }

    /** A JobManager that was started again knows no jobs: the launcher resumes each. */
    private static List<String> lost(Submission job) {
        return List.of(
                line("Job", "%s to %s, %s", job.source(), job.output(), job.currentJobId()),
                line(
                        "State",
                        "being resumed; should it not come back, ./quotelake submit --resume --job %s says why",
                        job.currentJobId()));
    }

    /** The tables on this machine: the stack's own, and those of its jobs. */
    private static List<String> lakes(RunningStack stack) throws IOException {
        LocalTables local = new LocalTables(stack.state());
        Set<String> tables = new LinkedHashSet<>();
        tables.add(stack.table());
        for (Submission job : new Submissions(stack.state()).all()) {
            tables.add(job.output());
        }
        List<String> lines = new ArrayList<>();
        for (String table : tables) {
            Optional<Path> directory = local.directory(table);
            if (directory.isPresent()) {
                Optional<LakeCounts.Known> known = LakeCounts.read(stack.state(), directory.get());
                String count = known.map(StatusCommand::count).orElse("not counted yet");
                lines.add(line("Lake", "%s under %s", count, table));
            }
        }
        return lines;
    }

    private static String count(LakeCounts.Known lake) {
        String count = Count.of(lake.rows(), "row") + " in " + Count.of(lake.files(), "file");
        if (lake.counted() == 0) {
            return "at least " + count + ", being counted,";
        }
        Duration age = Duration.between(Instant.ofEpochMilli(lake.counted()), Instant.now());
        return age.compareTo(FRESH) < 0 ? count : count + " " + brief(age) + " ago";
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
        List<String> lines = new ArrayList<>();
        lines.add(line("Job", "%s, %s", job.table(), job.id()));
        lines.add(
                line(
                        "State",
                        "%s for %s, %s",
                        job.state(),
                        brief(job.age()),
                        Count.of(job.restarts(), "restart")));
        lines.add(
                line(
                        "Checkpoint",
                        "%s%s",
                        job.checkpoint()
                                .map(StatusCommand::checkpoint)
                                .orElseGet(() -> noCheckpoint(job)),
                        job.failedCheckpoint().map(why -> "; the last failed: " + why).orElse("")));
        if (job.hasFigures()) {
            lines.addAll(figures(job, lag));
        } else {
            lines.add(line("Rows", "no figures yet: its tasks are being started"));
        }
        return lines;
    }

    private static String noCheckpoint(JobStatus job) {
        return job.restored().isEmpty()
                ? "none yet"
                : "none yet since it went on from number " + job.restored().getAsLong();
    }

    private static List<String> figures(JobStatus job, Lag lag) {
        String reasons =
                job.deadLetters().entrySet().stream()
                        .map(reason -> reason.getKey() + " " + reason.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
        long dead = job.deadLetters().values().stream().mapToLong(Long::longValue).sum();
        return List.of(
                line(
                        "Rows",
                        "%,.1f/s in, %,.1f/s out, lag %s",
                        job.quotesPerSecond(),
                        job.rowsPerSecond(),
                        lag),
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

    private static String line(String what, String format, Object... arguments) {
        return String.format(Locale.ROOT, "%-13s", what)
                + String.format(Locale.ROOT, format, arguments);
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
