package io.quotelake.local.command;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.job.JobFailure;
import io.quotelake.local.job.JobKeeper;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.LocalTables;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.Service;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.Supervisor;
import io.quotelake.local.stack.Workspace;
import io.quotelake.local.status.LakeCounts;
import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps a stack and its jobs alive, and tells the user what it had to do for that. */
public final class Supervision implements AutoCloseable, Supervisor.Listener {
    private static final int LOOK_AT_JOBS_EVERY_SECONDS = 2;
    private static final int KEEP_COUNTS_EVERY_SECONDS = 1;
    private static final int COUNT_LAKES_EVERY_SECONDS = 2;

    /** Counting a table takes a twentieth of the time, however large it is. */
    private static final int REST_AFTER_COUNT = 19;

    private final Console console;
    private final Stack stack;
    private final JobSubmitter submitter;
    private final JobKeeper jobs;
    private final Supervisor supervisor;
    private final LakeCounts counts;

    /** When each table may be counted again, in {@link System#nanoTime}. */
    private final Map<Path, Long> nextCounts = new HashMap<>();

    private final LocalTables tables;
    private final ScheduledExecutorService timer =
            Executors.newScheduledThreadPool(
                    2,
                    task -> {
                        Thread thread = new Thread(task, "supervision");
                        thread.setDaemon(true);
                        return thread;
                    });

    Supervision(Workspace workspace, Stack stack) throws IOException {
        console = workspace.console();
        counts = new LakeCounts(stack.state());
        tables = new LocalTables(stack.state());
        this.stack = stack;
        submitter = new JobSubmitter(workspace.installation(), stack);
        jobs = new JobKeeper(stack.state(), submitter);
        supervisor = new Supervisor(stack.services(), this);
        timer.scheduleWithFixedDelay(
                this::noteEndedJobs,
                LOOK_AT_JOBS_EVERY_SECONDS,
                LOOK_AT_JOBS_EVERY_SECONDS,
                TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                this::keepCounts, 0, KEEP_COUNTS_EVERY_SECONDS, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                this::countLakes, 0, COUNT_LAKES_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** What is known of the tables' rows. */
    LakeCounts counts() {
        return counts;
    }

    JobSubmitter submitter() {
        return submitter;
    }

    /** Completes exceptionally when a service can't be kept alive. */
    CompletableFuture<Void> gaveUp() {
        return supervisor.gaveUp();
    }

    /** Resumes the jobs that ran when an earlier stack in this directory stopped. */
    void resumeLostJobs() {
        try {
            for (Submission resumed :
                    jobs.resumeLost(stack.flink().rest(), this::tellWhyNotResumed)) {
                console.line("Resumed the job as %s", resumed.currentJobId());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tellWhyNotResumed(Submission job, Failure why) {
        console.line("The job to %s is not resumed: %s", job.output(), why.getMessage());
    }

    @Override
    public void died(Service service, int exitCode) {
        console.line(
                "%s died with exit code %d; starting it again. It said last: %s (log: %s)",
                service.name(), exitCode, LogTail.reason(service.logTail()), service.output());
    }

    @Override
    public void restarted(Service service) {
        console.line("%s answers again", service.name());
        if (service instanceof JobManager) {
            resumeLostJobs();
        }
    }

    private void noteEndedJobs() {
        try {
            for (Submission failed : jobs.noteEnded(stack.flink().rest())) {
                FlinkRest rest = stack.flink().rest();
                String id = failed.currentJobId();
                console.line(
                        "The job failed: %s (%s/#/job/completed/%s/exceptions). When that is mended: ./quotelake submit --resume",
                        JobFailure.reason(rest, id).orElse("no reason is known"),
                        rest.address(),
                        id);
            }
        } catch (IOException | Failure e) {
            // The JobManager is away: the supervisor is at it, and the next look tells.
            return;
        }
    }

    private void countLakes() {
        try {
            countIfDue(stack.table());
            for (Submission job : new Submissions(stack.state()).all()) {
                Optional<Path> table = tables.directory(job.output());
                if (table.isPresent()) {
                    countIfDue(table.get());
                }
            }
        } catch (IOException e) {
            return; // Somebody moves the lake in this moment: the next count tells.
        }
    }

    private void countIfDue(Path table) throws IOException {
        long begin = System.nanoTime();
        if (begin - nextCounts.getOrDefault(table, begin) >= 0) {
            counts.count(table);
            long end = System.nanoTime();
            nextCounts.put(table, end + (end - begin) * REST_AFTER_COUNT);
        }
    }

    private void keepCounts() {
        try {
            counts.keep();
        } catch (IOException e) {
            // A full disk: what depends on it says so. The count grows old, and status shows that.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        supervisor.close();
    }
}
