package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.testbed.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the tutorials do: a consumer that puts each message as an object of its own. Theirs is
 * Python and waits for each PUT; this one is Java and has many under way.
 */
public final class PutPerMessage implements Contestant {
    private final TestBed testBed;
    private final int concurrency;

    public PutPerMessage(TestBed testBed, int concurrency) {
        this.testBed = testBed;
        this.concurrency = concurrency;
    }

    @Override
    public String name() {
        return "One PUT a message (tutorials)";
    }

    @Override
    public Figures run(Feed feed) {
        String topic = testBed.topic(feed);
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try (TestBed.Table table = testBed.newTable();
                S3Client client = S3Clients.of(testBed, concurrency);
                KafkaConsumer<byte[], byte[]> consumer = BareConsumer.consumer(testBed, topic)) {
            Meters meters = Meters.start(testBed);
            Instant begin = Instant.now();
            for (long left = feed.rows(); left > 0; ) {
                List<Future<?>> puts = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> message :
                        consumer.poll(Duration.ofMillis(100))) {
                    puts.add(threads.submit(() -> put(client, table, message)));
                }
                for (Future<?> put : puts) {
                    put.get();
                }
                left -= puts.size();
            }
            Meters.Stopped used = meters.stop();
            return used.figures(begin, LakeCheck.of(feed, Layout.QUOTES, table.path()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("A message could not be put", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private void put(S3Client client, TestBed.Table table, ConsumerRecord<byte[], byte[]> message) {
        String key =
                "%s/stock_market_%d_%d.json"
                        .formatted(table.prefix(), message.partition(), message.offset());
        byte[] line = Arrays.copyOf(message.value(), message.value().length + 1);
        line[line.length - 1] = '\n';
        client.putObject(
                request -> request.bucket(testBed.bucket()).key(key), RequestBody.fromBytes(line));
    }
}
