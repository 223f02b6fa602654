package io.quotelake.local.command;

import io.quotelake.local.Console;
import io.quotelake.local.Failure;
import io.quotelake.local.Workspace;
import io.quotelake.local.job.JobKeeper;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.Submission;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.Part;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps a stack and its jobs alive, and tells the user what it had to do for that. */
final class Supervision implements AutoCloseable, Supervisor.Listener {
    private static final int LOOK_AT_JOBS_EVERY_SECONDS = 2;

    private final Console console;
    private final Stack stack;
    private final JobSubmitter submitter;
    private final JobKeeper jobs;
    private final Supervisor supervisor;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "job-states");
                        thread.setDaemon(true);
                        return thread;
                    });

    Supervision(Workspace workspace, Stack stack) {
        console = workspace.console();
        this.stack = stack;
        submitter =
                new JobSubmitter(
                        workspace.installation(),
                        stack.flink().client(),
                        stack.flink().rest(),
                        stack.state(),
                        stack.broker().bootstrapServers());
        jobs = new JobKeeper(stack.state(), submitter);
        supervisor = new Supervisor(stack.parts(), this);
        timer.scheduleWithFixedDelay(
                this::noteEndedJobs,
                LOOK_AT_JOBS_EVERY_SECONDS,
                LOOK_AT_JOBS_EVERY_SECONDS,
                TimeUnit.SECONDS);
    }

    JobSubmitter submitter() {
        return submitter;
    }

    /** Completes exceptionally when a part can't be kept alive. */
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
    public void died(Part part, int exitCode) {
        console.line(
                "%s died with exit code %d; starting it again. It said last: %s (log: %s)",
                part.name(), exitCode, LogTail.reason(part.logTail()), part.output());
    }

    @Override
    public void restarted(Part part) {
        console.line("%s answers again", part.name());
        if (part instanceof JobManager) {
            resumeLostJobs();
        }
    }

    private void noteEndedJobs() {
        try {
            for (Submission failed : jobs.noteEnded(stack.flink().rest())) {
                console.line(
                        "The job failed: see %s/#/job/completed/%s/exceptions, then ./quotelake submit --resume",
                        stack.flink().rest().address(), failed.currentJobId());
            }
        } catch (IOException | Failure e) {
            // The JobManager is away: the supervisor is at it, and the next look tells.
            return;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        supervisor.close();
    }
}
