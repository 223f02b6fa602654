package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.rows.ByteText;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.testbed.TestBed;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The limit for many small files: the same objects, put by AWS's client in a loop, without Kafka,
 * Flink or any promise. For feeds with one row a folder.
 */
public final class BarePuts implements Contestant {
    public static final String NAME = "Bare PUT loop (limit)";

    private final TestBed testBed;
    private final int concurrency;

    public BarePuts(TestBed testBed, int concurrency) {
        this.testBed = testBed;
        this.concurrency = concurrency;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Figures run(Feed feed) {
        try (TestBed.Table table = testBed.newTable();
                S3Client client = S3Clients.of(testBed, concurrency)) {
            Meters meters = Meters.start(testBed);
            Instant begin = Instant.now();
            AtomicLong next = new AtomicLong();
            inParallel(
                    () -> {
                        ByteText text = new ByteText();
                        for (long row; (row = next.getAndIncrement()) < feed.rows(); ) {
                            put(client, feed, row, table, text.clear());
                        }
                        return null;
                    });
            Meters.Stopped used = meters.stop();
            return used.figures(begin, LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table.path()));
        }
    }

    private void put(S3Client client, Feed feed, long row, TestBed.Table table, ByteText text) {
        feed.appendRow(row, text);
        text.append("}\n");
        String key =
                table.prefix() + "/" + feed.folder(feed.folderOf(row)) + "/part-" + row + ".json";
        client.putObject(
                request -> request.bucket(testBed.bucket()).key(key),
                RequestBody.fromBytes(text.toBytes()));
    }

    private void inParallel(Callable<Void> work) {
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try {
            var all =
                    threads.invokeAll(IntStream.range(0, concurrency).mapToObj(i -> work).toList());
            for (var one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("An object could not be put", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
