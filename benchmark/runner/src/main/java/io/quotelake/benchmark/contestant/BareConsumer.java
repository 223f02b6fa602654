package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.testbed.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The limit for many rows: Kafka's consumer reads the topic, and nothing is done with it. */
public final class BareConsumer implements Contestant {
    private final TestBed testBed;

    public BareConsumer(TestBed testBed) {
        this.testBed = testBed;
    }

    @Override
    public String name() {
        return "Bare consumer (limit)";
    }

    @Override
    public Figures run(Feed feed) {
        String topic = testBed.topic(feed);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(testBed, topic)) {
            long begin = 0;
            for (long rows = 0; rows < feed.rows(); ) {
                rows += consumer.poll(Duration.ofMillis(100)).count();
                if (begin == 0 && rows > 0) {
                    begin = System.nanoTime();
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Figures()
                    .put(Figures.SECONDS, seconds)
                    .put(Figures.ROWS_PER_SECOND, feed.rows() / seconds);
        }
    }

    /** A consumer of committed records, at the beginning of every partition of the topic. */
    static KafkaConsumer<byte[], byte[]> consumer(TestBed testBed, String topic) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                testBed.bootstrapServers(),
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(one -> new TopicPartition(topic, one.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
