package io.quotelake.local.command;

import io.quotelake.local.job.JobFailure;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.Workspace;
import io.quotelake.local.status.LakeCounts;
import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.topic.DeadLetter;
import io.quotelake.verifier.topic.DeadLetterReport;
import io.quotelake.verifier.topic.TopicReader;
import io.quotelake.verifier.verify.Finding;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One CSV file on its way: published, written to the lake, and counted there. */
public final class Delivery {
    private static final Duration LOOK_AT_TOPIC_EVERY = Duration.ofMillis(500);
    private static final Duration LOOK_AT_LAKE_EVERY = Duration.ofSeconds(1);

    /** Walking the lake shall not take more than a fifth of the time, which Flink needs. */
    private static final int REST_AFTER_WALK = 4;

    private static final int MAX_FINDINGS = 10;

    /** Longer than any recovery that the stack is configured for. */
    private static final Duration STALLED_AFTER = Duration.ofMinutes(2);

    private final Workspace workspace;
    private final Console console;
    private final Stack stack;
    private final CompletableFuture<Void> gaveUp;
    private final LakeCounts counts;
    private final Path table;

    /**
     * @param supervision counts the rows; ends the waiting when the stack can't be kept alive
     */
    Delivery(Workspace workspace, Stack stack, Supervision supervision) {
        this.workspace = workspace;
        this.stack = stack;
        gaveUp = supervision.gaveUp();
        counts = supervision.counts();
        console = workspace.console();
        table =
                stack.s3()
                        .bucket(workspace.settings().bucket())
                        .resolve(workspace.settings().topic());
    }

    /**
     * Publishes the file, waits until its rows are in the lake, checks each and prints a summary.
     *
     * @return whether every published row is there exactly once
     */
    boolean run(Path csv) throws IOException {
        long inFile = CsvRecords.in(csv);
        long begin = System.nanoTime();
        long published = publish(csv, inFile);
        stack.settle();
        Duration publishing = since(begin);
        console.line("Published the file in %.1f s", seconds(publishing));
        awaitInLake(published);
        Duration delivering = since(begin);
        console.line(
                "Every record is a row or a dead letter after %.1f s; comparing each with its record",
                seconds(delivering));
        Report report = verify();
        report.save(workspace.state().verified());
        printSummary(csv, inFile, report, publishing, delivering);
        return report.isClean() && report.rows() == published;
    }

    /** Compares every record of the topic with the lake and the dead letters. */
    Report verify() throws IOException {
        String topic = workspace.settings().topic();
        Verification verification = Verification.of(kafka(), topic, MAX_FINDINGS);
        try (Lake files = Lakes.at(table.toUri().toString(), null)) {
            return new Verifier(verification, files).verify();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("interrupted");
        }
    }

    private Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", stack.broker().bootstrapServers());
    }

    private long publish(Path csv, long inFile) throws IOException {
        Producer producer = new Producer(workspace, Optional.of(stack.broker().bootstrapServers()));
        try (ChildProcess replay =
                        stack.closeFirst(
                                producer.inBackground(
                                        List.of(
                                                "replay",
                                                csv.toString(),
                                                "--cluster-id",
                                                stack.broker().clusterId())));
                TopicReader reader = new TopicReader(kafka())) {
            String topic = workspace.settings().topic();
            long before = reader.offsets(topic);
            while (replay.isAlive()) {
                pause(LOOK_AT_TOPIC_EVERY, replay);
                console.progress("Published", reader.offsets(topic) - before, inFile, " rows");
            }
            if (replay.onExit().join() != 0) {
                throw Failure.atRunTime(
                        "the producer failed: %s (log: %s)"
                                .formatted(
                                        LogTail.reason(LogTail.of(replay.output(), 20)),
                                        replay.output()));
            }
            return reader.offsets(topic);
        }
    }

    private void awaitInLake(long published) throws IOException {
        long arrived = 0;
        long lastGrowth = System.nanoTime();
        while (true) {
            long begin = System.nanoTime();
            LakeCounts.Known lake = counts.count(table);
            long now = lake.rows() + deadLetters();
            Duration walk = since(begin);
            if (now > arrived) {
                arrived = now;
                lastGrowth = System.nanoTime();
            }
            console.progress(
                    "In the lake",
                    arrived,
                    published,
                    String.format(Locale.ROOT, " rows, %,d files", lake.files()));
            if (arrived >= published) {
                return;
            }
            failWithTheJob();
            if (since(lastGrowth).compareTo(STALLED_AFTER) > 0) {
                throw Failure.atRunTime(
                        String.format(
                                Locale.ROOT,
                                "no row has arrived for %d s: %,d of %,d are in the lake. Logs: %s",
                                STALLED_AFTER.toSeconds(),
                                arrived,
                                published,
                                workspace.state().logs()));
            }
            Duration rest = walk.multipliedBy(REST_AFTER_WALK);
            pause(rest.compareTo(LOOK_AT_LAKE_EVERY) > 0 ? rest : LOOK_AT_LAKE_EVERY, null);
        }
    }

    private long deadLetters() {
        long[] count = {0};
        String topic = DeadLetter.topicOf(workspace.settings().topic());
        try (TopicReader reader = new TopicReader(kafka())) {
            reader.readAll(topic, letter -> count[0]++);
        }
        return count[0];
    }

    private void failWithTheJob() throws IOException {
        Submission job = new Submissions(stack.state()).newest().orElseThrow();
        Optional<String> failure;
        try {
            failure = JobFailure.reason(stack.flink().rest(), job.currentJobId());
        } catch (IOException e) {
            return; // The JobManager is away, and is being started again.
        }
        if (failure.isPresent()) {
            throw Failure.atRunTime(
                    "the job failed: %s (logs: %s)"
                            .formatted(failure.get(), workspace.state().logs()));
        }
    }

    /** Waits, but not beyond the end of the supervision or of a process. */
    private void pause(Duration time, ChildProcess process) {
        CompletableFuture<?> end =
                process == null ? gaveUp : CompletableFuture.anyOf(gaveUp, process.onExit());
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("interrupted");
        }
    }

    private void printSummary(
            Path csv, long inFile, Report report, Duration publishing, Duration delivering) {
        console.line("");
        console.line("  %-24s %,11d  %s", "Rows in the CSV file", inFile, csv);
        console.line(
                "  %-24s %,11d  in %.1f s",
                "Published to Kafka", report.records(), seconds(publishing));
        console.line(
                "  %-24s %,11d  in %.1f s, by %s",
                "Rows in the lake", report.rows(), seconds(delivering), report.granularity());
        console.line("  %-24s %,11d", "Files", report.objects());
        console.line("  %-24s %,11d", "Dead letters", report.deadLetters());
        console.line("");
        console.lines(report.findings().stream().map(Finding::toString).toList());
        console.line("%s", report.lines().get(report.lines().size() - 1));
        if (report.deadLetters() > 0) {
            explainDeadLetters();
        }
    }

    /** Why they are none of the lake's rows, and what to do. */
    private void explainDeadLetters() {
        DeadLetterReport letters = new DeadLetterReport(1);
        String topic = DeadLetter.topicOf(workspace.settings().topic());
        try (TopicReader reader = new TopicReader(kafka())) {
            reader.readAll(topic, letters::add);
        }
        console.line("");
        console.lines(letters.lines());
        console.line(
                "They are not in the lake: mend these rows in the file, and publish it again. ./quotelake dead-letters shows more.");
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
