package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.lake.RowObserver;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.TopicWriter;
import io.quotelake.benchmark.testbed.FlinkJob;
import io.quotelake.benchmark.testbed.TestBed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Quotelake's job on a topic that rows arrive in meanwhile, so many a second; the result is checked
 * row by row.
 */
public final class PacedRun {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int LINGER_MILLIS = 5;
    private static final int TIMESTAMP_LENGTH = "2026-01-05T09:30:00.123Z".length();

    private final TestBed testBed;
    private final Contestants contestants;
    private final Feed feed;
    private final int rowsPerSecond;

    /**
     * Is told when each row was published and when it became visible; by several threads at once.
     */
    @FunctionalInterface
    public interface Observer {
        void row(long publishedMillis, long visibleMillis);
    }

    public PacedRun(TestBed testBed, Contestants contestants, Feed feed, int rowsPerSecond) {
        this.testBed = testBed;
        this.contestants = contestants;
        this.feed = feed;
        this.rowsPerSecond = rowsPerSecond;
    }

    /**
     * Runs it once.
     *
     * @param meanwhile is done while rows arrive, on the calling thread
     * @param observer is told of each row of the result
     * @param options of the job
     */
    public void run(Runnable meanwhile, Observer observer, String... options) {
        String topic =
                testBed.emptyTopic(feed.name() + "-" + UUID.randomUUID(), feed.topicPartitions());
        try (TestBed.Table table = testBed.newTable()) {
            List<String> words = contestants.unboundedJob(topic, table.uri(), options);
            FlinkJob job = FlinkJob.submit(contestants.quotelakeCluster(), words);
            job.awaitRunning(LIMIT);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(topic));
            meanwhile.run();
            writing.join();
            // The first may have begun before the last row was read; what it leaves, the second
            // publishes.
            job.awaitCheckpoints(3, LIMIT);
            job.cancel();
            LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table.path(), rows(observer));
        } finally {
            testBed.deleteTopic(topic);
        }
    }

    private void write(String topic) {
        try (TopicWriter writer =
                new TopicWriter(testBed.bootstrapServers(), topic, feed, LINGER_MILLIS)) {
            writer.writeAll(rowsPerSecond);
        }
    }

    /** The time at which a record was published stands at the end of its row. */
    private static RowObserver rows(Observer observer) {
        return (line, start, end, visibleMillis) -> {
            int at = end - "\"}".length() - TIMESTAMP_LENGTH;
            String timestamp = new String(line, at, TIMESTAMP_LENGTH, StandardCharsets.US_ASCII);
            observer.row(Instant.parse(timestamp).toEpochMilli(), visibleMillis);
        };
    }
}
