package io.quotelake.verifier.topic;

import io.quotelake.terminal.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads committed records of whole topics, partition by partition, without a consumer group, so
 * that nobody's offsets are touched. One partition's fetch is all that it holds.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration MAX_SILENCE = Duration.ofSeconds(60);
    private static final int API_TIMEOUT_MILLIS = 12_000;

    private final String bootstrapServers;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Offsets of one partition: from the first one that is judged up to, not including, the end.
     */
    public record Span(long from, long to) {}

    /**
     * @param properties Kafka client properties, with {@code bootstrap.servers}
     */
    public TopicReader(Map<String, Object> properties) {
        Map<String, Object> settings = new TreeMap<>(properties);
        settings.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        // All that is read is there already: a fetch that waits for more would only hold up the
        // next partition.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        bootstrapServers = String.valueOf(settings.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
        try {
            consumer =
                    new KafkaConsumer<>(
                            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw Failure.ofUse("The Kafka settings can't be used: " + rootMessage(e));
        }
    }

    /** The topic's partitions, or nothing when there is no such topic. */
    public List<TopicPartition> partitions(String topic) {
        Map<String, List<PartitionInfo>> topics;
        try {
            topics = consumer.listTopics();
        } catch (TimeoutException e) {
            throw Failure.ofUse(
                    "no Kafka broker answers at "
                            + bootstrapServers
                            + ": check --bootstrap-servers and that the broker is up.");
        }
        return topics.getOrDefault(topic, List.of()).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    /**
     * What there is to read now.
     *
     * @param since records from this time on, or null for all that are retained
     */
    public Map<TopicPartition, Span> spans(Collection<TopicPartition> partitions, Instant since) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        if (since == null) {
            return partitions.stream()
                    .collect(Collectors.toMap(p -> p, p -> new Span(starts.get(p), ends.get(p))));
        }
        Map<TopicPartition, OffsetAndTimestamp> firsts =
                consumer.offsetsForTimes(
                        partitions.stream()
                                .collect(Collectors.toMap(p -> p, p -> since.toEpochMilli())));
        return partitions.stream()
                .collect(
                        Collectors.toMap(
                                p -> p,
                                p ->
                                        new Span(
                                                firsts.get(p) == null
                                                        ? ends.get(p)
                                                        : firsts.get(p).offset(),
                                                ends.get(p))));
    }

    /** The first record of a time or later; nothing where there is none yet. */
    public OptionalLong firstSince(TopicPartition partition, Instant time) {
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())).get(partition);
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.offset());
    }

    /** The first offset that is retained by now. */
    public long beginning(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }

    /** Hands over the committed records of a span in order. */
    public void read(
            TopicPartition partition, Span span, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, span.from());
        long position = span.from();
        Instant lastProgress = Instant.now();
        while (position < span.to()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < span.to()) {
                    each.accept(record);
                }
            }
            long reached = consumer.position(partition);
            if (reached > position) {
                position = reached;
                lastProgress = Instant.now();
            } else if (lastProgress.plus(MAX_SILENCE).isBefore(Instant.now())) {
                throw Failure.atRunTime(
                        "%s: no record for %d s at offset %d. Is the broker at %s still up?"
                                .formatted(
                                        partition,
                                        MAX_SILENCE.toSeconds(),
                                        position,
                                        bootstrapServers));
            }
        }
    }

    /** Hands over all committed records that a topic has now. */
    public void readAll(String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        spans(partitions(topic), null).forEach((partition, span) -> read(partition, span, each));
    }

    /**
     * How many offsets there are between a topic's first and last: records, and markers of
     * transactions.
     */
    public long offsets(String topic) {
        return spans(partitions(topic), null).values().stream()
                .mapToLong(span -> span.to() - span.from())
                .sum();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static String rootMessage(Throwable e) {
        return e.getCause() == null ? e.getMessage() : rootMessage(e.getCause());
    }
}
