package io.quotelake.benchmark.rows;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes a feed into a topic, each row once, in order within a partition. */
public final class TopicWriter implements AutoCloseable {
    private static final long PACE_NANOS = 5_000_000;

    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final Feed feed;
    private final ByteText text = new ByteText();

    public TopicWriter(String bootstrapServers, String topic, Feed feed, int lingerMillis) {
        this.topic = topic;
        this.feed = feed;
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.LINGER_MS_CONFIG,
                                lingerMillis,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                256 * 1024,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                64L * 1024 * 1024),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Sends the rows from one number to before another. */
    public void write(long from, long to) {
        for (long row = from; row < to; row++) {
            feed.appendQuote(row, text.clear());
            producer.send(
                    new ProducerRecord<>(
                            topic, feed.topicPartition(row), feed.key(row), text.toBytes()),
                    (metadata, exception) -> {
                        if (exception != null) {
                            failure.compareAndSet(null, exception);
                        }
                    });
        }
        check();
    }

    /** Sends all rows of the feed, so many a second, evenly. */
    public void writeAll(int rowsPerSecond) {
        long begin = System.nanoTime();
        long sent = 0;
        while (sent < feed.rows()) {
            long due = (System.nanoTime() - begin) * rowsPerSecond / 1_000_000_000L;
            long to = Math.min(feed.rows(), due);
            write(sent, to);
            sent = Math.max(sent, to);
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    /** Waits until the broker has all, and closes the connection. */
    @Override
    public void close() {
        producer.close();
        check();
    }

    private void check() {
        if (failure.get() != null) {
            throw new IllegalStateException("Rows were not accepted by " + topic, failure.get());
        }
    }
}
