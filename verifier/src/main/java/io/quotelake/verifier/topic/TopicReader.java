package io.quotelake.verifier.topic;

import io.quotelake.terminal.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic's committed records without a consumer group, so that nobody's offsets are touched.
 */
public final class TopicReader implements AutoCloseable {
    /** Within this a broker has answered, or there is none. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final String brokers;
    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    /**
     * Connects.
     *
     * @throws Failure if no broker answers
     */
    public TopicReader(String brokers, String topic) {
        this.brokers = brokers;
        this.topic = topic;
        try {
            consumer =
                    new KafkaConsumer<>(
                            configuration(brokers),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw noBroker(e);
        }
        try {
            partitions =
                    consumer.listTopics(ANSWER_WITHIN).getOrDefault(topic, List.of()).stream()
                            .map(partition -> new TopicPartition(topic, partition.partition()))
                            .toList();
            consumer.assign(partitions);
        } catch (TimeoutException e) {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
            throw noBroker(e);
        }
    }

    /** How many partitions the topic has; 0 if there is no such topic. */
    public int partitions() {
        return partitions.size();
    }

    /**
     * How many offsets there are between the first and the last one: the records, and markers of
     * transactions.
     */
    public long offsets() {
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions, ANSWER_WITHIN);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions, ANSWER_WITHIN);
        return partitions.stream()
                .mapToLong(partition -> end.get(partition) - begin.get(partition))
                .sum();
    }

    /** Reads all that is there now, oldest first within a partition. */
    public void forEach(Consumer<ConsumerRecord<byte[], byte[]>> action) {
        Map<TopicPartition, Long> ends =
                new HashMap<>(consumer.endOffsets(partitions, ANSWER_WITHIN));
        consumer.seekToBeginning(partitions);
        long deadline = System.nanoTime() + ANSWER_WITHIN.toNanos();
        while (true) {
            ends.entrySet()
                    .removeIf(
                            end ->
                                    consumer.position(end.getKey(), ANSWER_WITHIN)
                                            >= end.getValue());
            if (ends.isEmpty()) {
                return;
            }
            var records = consumer.poll(Duration.ofMillis(200));
            records.forEach(action);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + ANSWER_WITHIN.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw Failure.atRunTime(
                        "The broker at " + brokers + " stopped sending topic " + topic);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private Failure noBroker(KafkaException e) {
        String detail = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
        return Failure.ofUse(
                "no Kafka broker answers at "
                        + brokers
                        + detail
                        + ": start one with ./quotelake up, or set KAFKA_BOOTSTRAP_SERVERS");
    }

    private static Map<String, Object> configuration(String brokers) {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) ANSWER_WITHIN.toMillis());
    }
}
