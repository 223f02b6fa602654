package io.quotelake.job.lake;

import io.quotelake.job.task.TaskEnd;
import io.quotelake.s3.S3RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the files of one checkpoint several at a time, each through FileSink's own committer.
 *
 * <p>A file that fails is asked for again, alone, by Flink; before each such round this class
 * waits, twice as long as before. After nine rounds, or four when S3 refuses it, the job fails with
 * the reason, restarts from its checkpoint and publishes the same files again: publishing is
 * idempotent.
 *
 * <p>Metrics: counters {@code filesPublished} and {@code bytesPublished}; gauges {@code
 * lastCheckpointFiles} and {@code lastCheckpointBytes}.
 */
final class ParallelCommitter implements Committer<FileSinkCommittable> {

    private static final Logger LOG = LoggerFactory.getLogger(ParallelCommitter.class);

    /** More files than this from one checkpoint, and readers of the table will suffer. */
    private static final int MANY_FILES = 4_000;

    /**
     * One less than Flink's own {@code sink.committer.retries}. The pauses take 43 s in all, and
     * each of the ten tries includes the retries of the S3 client itself.
     */
    private static final int MAX_RETRIES = 9;

    /** Some 3 s: enough for a key that is being exchanged. */
    private static final int MAX_RETRIES_OF_REFUSED = 4;

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

    /** How long closing waits for threads that were interrupted. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** Stands for a file that no thread came to. */
    private static final Exception NOT_TRIED = new IOException("interrupted before it was tried");

    private final Committer<FileSinkCommittable> files;
    private final int concurrency;
    private final ExecutorService threads;
    private final Counter filesPublished;
    private final Counter bytesPublished;
    private volatile long lastFiles;
    private volatile long lastBytes;

    /**
     * @param files commits one file at a time, and may be called by many threads; closed with this
     *     committer
     * @param classLoader the file system's: what its libraries start in our threads must not hold
     *     the job's
     */
    ParallelCommitter(
            Committer<FileSinkCommittable> files,
            ClassLoader classLoader,
            int concurrency,
            MetricGroup metrics) {
        this.files = files;
        this.concurrency = concurrency;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                Executors.newFixedThreadPool(
                        concurrency,
                        task -> {
                            Thread thread =
                                    new Thread(
                                            task, "publish-part-files-" + number.getAndIncrement());
                            thread.setDaemon(true);
                            thread.setContextClassLoader(classLoader);
                            return thread;
                        });
        this.filesPublished = metrics.counter("filesPublished");
        this.bytesPublished = metrics.counter("bytesPublished");
        metrics.gauge("lastCheckpointFiles", () -> lastFiles);
        metrics.gauge("lastCheckpointBytes", () -> lastBytes);
    }

    @Override
    public void commit(Collection<CommitRequest<FileSinkCommittable>> requests)
            throws IOException, InterruptedException {
        List<CommitRequest<FileSinkCommittable>> round = List.copyOf(requests);
        int retries = round.stream().mapToInt(CommitRequest::getNumberOfRetries).max().orElse(0);
        if (retries > 0) {
            TimeUnit.MILLISECONDS.sleep(backOff(retries).toMillis());
        }
        Exception[] failures = commitInParallel(round);
        // Requests are not thread-safe: only the task's thread marks them.
        markFailures(round, failures, retries);
        count(round, failures, retries == 0);
    }

    static Duration backOff(int retries) {
        Duration backOff = FIRST_BACK_OFF.multipliedBy(1L << Math.min(retries - 1, 20));
        return backOff.compareTo(LONGEST_BACK_OFF) < 0 ? backOff : LONGEST_BACK_OFF;
    }

    /**
     * Commits each file once. The result has the failure of each request at its place, null where
     * there is none.
     */
    private Exception[] commitInParallel(List<CommitRequest<FileSinkCommittable>> round)
            throws IOException, InterruptedException {
        Exception[] failures = new Exception[round.size()];
        Arrays.fill(failures, NOT_TRIED);
        AtomicInteger next = new AtomicInteger();
        Runnable worker =
                () -> {
                    int i;
                    while ((i = next.getAndIncrement()) < failures.length) {
                        failures[i] = commitOne(round.get(i));
                    }
                };
        List<Future<?>> workers = new ArrayList<>();
        try {
            for (int i = 0; i < Math.min(concurrency, failures.length); i++) {
                workers.add(threads.submit(worker));
            }
            for (Future<?> running : workers) {
                running.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("publishing part files failed", e.getCause());
        } finally {
            // After a cancellation nobody takes another file.
            next.set(failures.length);
            workers.forEach(running -> running.cancel(true));
        }
        return failures;
    }

    private Exception commitOne(CommitRequest<FileSinkCommittable> request) {
        try {
            files.commit(List.of(request));
            return null;
        } catch (IOException | RuntimeException | InterruptedException e) {
            return e;
        }
    }

    /**
     * Lets Flink retry the failed files, unless that is of no use: then it throws, because Flink's
     * own last message would name no reason.
     */
    private static void markFailures(
            List<CommitRequest<FileSinkCommittable>> round, Exception[] failures, int retries)
            throws IOException {
        List<Exception> failed = Arrays.stream(failures).filter(Objects::nonNull).toList();
        if (failed.isEmpty()) {
            return;
        }
        Optional<Exception> refusal =
                failed.stream().filter(ParallelCommitter::isRefusal).findFirst();
        Exception telling = refusal.orElse(failed.get(0));
        if (retries >= (refusal.isPresent() ? MAX_RETRIES_OF_REFUSED : MAX_RETRIES)) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "%d of %d part files could not be published in %d attempts. %s",
                            failed.size(),
                            failures.length,
                            retries + 1,
                            telling.getMessage()),
                    telling);
        }
        for (int i = 0; i < failures.length; i++) {
            if (failures[i] != null) {
                round.get(i).retryLater();
            }
        }
        LOG.warn(
                "{} of {} part files could not be published and will be tried again; the first:",
                failed.size(),
                failures.length,
                telling);
    }

    /**
     * Whether S3 has refused (access denied, no such bucket), and not just failed to answer. Apart
     * from our own writer's exception, these are the ones into which Hadoop's S3A translates such
     * answers; S3A's own class is known by name only, because it is in the file system's class
     * loader.
     */
    private static boolean isRefusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof S3RefusedException
                    || cause instanceof AccessDeniedException
                    || cause.getClass().getSimpleName().equals("UnknownStoreException")) {
                return true;
            }
        }
        return false;
    }

    private void count(
            List<CommitRequest<FileSinkCommittable>> round,
            Exception[] failures,
            boolean isFirstRound) {
        long fileCount = 0;
        long byteCount = 0;
        for (int i = 0; i < failures.length; i++) {
            FileSinkCommittable committable = round.get(i).getCommittable();
            if (failures[i] == null && committable.hasPendingFile()) {
                fileCount++;
                byteCount += Math.max(0, committable.getPendingFile().getSize());
            }
        }
        filesPublished.inc(fileCount);
        bytesPublished.inc(byteCount);
        lastFiles = fileCount + (isFirstRound ? 0 : lastFiles);
        lastBytes = byteCount + (isFirstRound ? 0 : lastBytes);
        if (fileCount > MANY_FILES) {
            LOG.warn(
                    "One checkpoint published {} files. Readers of so many small files are slow:"
                            + " --date-granularity month or year makes fewer and larger ones.",
                    fileCount);
        }
    }

    @Override
    public void close() {
        TaskEnd.close("The part files' committer", this::stopThreads, files);
    }

    private void stopThreads() throws InterruptedException {
        threads.shutdownNow();
        if (!threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Some part files are still being published after {}.", CLOSE_TIMEOUT);
        }
    }
}
