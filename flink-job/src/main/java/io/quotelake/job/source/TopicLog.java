package io.quotelake.job.source;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the brokers say about the topic: which one it is, and which offsets of it they have. It
 * connects with the first question.
 */
final class TopicLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicLog.class);

    private final TopicIdentity topic;
    private final Properties properties;
    private Admin admin;
    private volatile boolean closed;

    /**
     * @param properties of the job's Kafka clients, with the consumer group
     * @param client the name of this client, after the prefix that the job's clients share
     */
    TopicLog(TopicIdentity topic, Properties properties, String client) {
        this.topic = topic;
        this.properties = new Properties();
        this.properties.putAll(properties);
        this.properties.put(
                CommonClientConfigs.CLIENT_ID_CONFIG,
                properties.getProperty(KafkaSourceOptions.CLIENT_ID_PREFIX.key()) + "-" + client);
    }

    /**
     * Offsets of a partition.
     *
     * @param first the first one that is retained
     * @param end the one that the next record gets
     */
    record Retained(long first, long end) {}

    /**
     * The topic of this name as it is now; empty if there is none.
     *
     * @throws IOException if the brokers don't say
     */
    Optional<TopicIdentity> describe() throws IOException {
        try {
            return Optional.of(
                    TopicIdentity.of(
                            topic.name(),
                            admin().describeTopics(List.of(topic.name()))
                                    .allTopicNames()
                                    .get()
                                    .get(topic.name())
                                    .topicId()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Checks that the topic is the one that the job reads, however long the brokers take to answer.
     * While there is no topic of that name there can't be another one.
     *
     * @throws io.quotelake.job.task.Refusal if it was created anew
     */
    void requireSameTopic() throws IOException {
        while (true) {
            try {
                describe().ifPresent(topic::requireStill);
                return;
            } catch (IOException e) {
                if (closed || !(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
                LOG.warn(
                        "The checkpoint waits until the brokers say which topic '{}' is: {}",
                        topic.name(),
                        e.getMessage());
            }
        }
    }

    /** What the brokers have of each of these partitions. */
    Map<TopicPartition, Retained> retained(Collection<TopicPartition> partitions)
            throws IOException {
        Map<TopicPartition, Long> first = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> end = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Retained> retained = new HashMap<>();
        partitions.forEach(
                partition ->
                        retained.put(
                                partition, new Retained(first.get(partition), end.get(partition))));
        return retained;
    }

    /** The first retained offset of each of these partitions. */
    Map<TopicPartition, Long> firstOffsets(Collection<TopicPartition> partitions)
            throws IOException {
        return offsets(partitions, OffsetSpec.earliest());
    }

    /** How many offsets are behind open transactions, over all partitions. */
    long behindTransactions() throws IOException {
        List<TopicPartition> partitions =
                answer(admin().describeTopics(List.of(topic.name())).allTopicNames())
                        .get(topic.name())
                        .partitions()
                        .stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                        .toList();
        // In this order what comes meanwhile is not taken for what a transaction holds.
        Map<TopicPartition, Long> ends = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> stable = ends(partitions, IsolationLevel.READ_COMMITTED);
        return partitions.stream()
                .mapToLong(partition -> Math.max(0, ends.get(partition) - stable.get(partition)))
                .sum();
    }

    private Map<TopicPartition, Long> ends(
            Collection<TopicPartition> partitions, IsolationLevel isolation) throws IOException {
        return offsets(partitions, OffsetSpec.latest(), isolation);
    }

    /** The offsets that the job's group has committed; a partition without one is missing. */
    Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions)
            throws IOException {
        String group = properties.getProperty(CommonClientConfigs.GROUP_ID_CONFIG);
        Map<TopicPartition, OffsetAndMetadata> committed =
                answer(
                        admin().listConsumerGroupOffsets(
                                        Map.of(
                                                group,
                                                new ListConsumerGroupOffsetsSpec()
                                                        .topicPartitions(partitions)))
                                .partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        committed.forEach(
                (partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which) throws IOException {
        return offsets(partitions, which, IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation)
            throws IOException {
        return answer(
                        admin().listOffsets(
                                        partitions.stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                partition -> partition,
                                                                partition -> which)),
                                        new ListOffsetsOptions(isolation))
                                .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private <T> T answer(KafkaFuture<T> question) throws IOException {
        try {
            return question.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private IOException failure(Throwable cause) {
        return new IOException(
                "the brokers don't answer about the topic '"
                        + topic.name()
                        + "': "
                        + cause.getMessage(),
                cause);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while the brokers were asked", e);
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(properties);
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
