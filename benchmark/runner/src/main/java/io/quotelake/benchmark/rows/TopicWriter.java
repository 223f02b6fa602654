package io.quotelake.benchmark.rows;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes a feed into a topic, each row once, in order within a partition. */
public final class TopicWriter implements AutoCloseable {
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
