package io.quotelake.verifier.topic;

import io.quotelake.terminal.Failure;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a consumer can't know of a topic: how far it goes behind open transactions, whose these are,
 * whether it is compacted, and where a group is.
 */
public final class TopicAdmin implements AutoCloseable {
    private static final int API_TIMEOUT_MILLIS = 12_000;

    private final Admin admin;

    /**
     * @param properties Kafka client properties, with {@code bootstrap.servers}
     */
    public TopicAdmin(Map<String, Object> properties) {
        Map<String, Object> settings = new TreeMap<>(properties);
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        admin = Admin.create(settings);
    }

    /** The topic's partitions. */
    public List<TopicPartition> partitions(String topic) throws InterruptedException {
        return get(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** Each partition's end, records of open transactions included. */
    public Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Each partition's end for readers of committed records: its first open transaction. */
    public Map<TopicPartition, Long> lastStableOffsets(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return ends(partitions, IsolationLevel.READ_COMMITTED);
    }

    private Map<TopicPartition, Long> ends(
            Collection<TopicPartition> partitions, IsolationLevel isolation)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
        return get(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /**
     * Who holds a partition's oldest open transaction, as {@code producer id 4001 (transactional.id
     * 'feed')}; nothing where no transaction is open, or the brokers don't say.
     */
    public Optional<String> oldestTransaction(TopicPartition partition)
            throws InterruptedException {
        return ask(admin.describeProducers(List.of(partition)).partitionResult(partition))
                .flatMap(
                        state ->
                                state.activeProducers().stream()
                                        .filter(p -> p.currentTransactionStartOffset().isPresent())
                                        .min(
                                                Comparator.comparing(
                                                        p ->
                                                                p.currentTransactionStartOffset()
                                                                        .getAsLong()))
                                        .map(ProducerState::producerId))
                .map(this::named);
    }

    private String named(long producerId) {
        Optional<String> transactionalId = Optional.empty();
        try {
            transactionalId =
                    ask(admin.listTransactions(
                                            new ListTransactionsOptions()
                                                    .filterProducerIds(Set.of(producerId)))
                                    .all())
                            .flatMap(
                                    found ->
                                            found.stream()
                                                    .map(TransactionListing::transactionalId)
                                                    .findFirst());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "producer id "
                + producerId
                + transactionalId.map(id -> " (transactional.id '" + id + "')").orElse("");
    }

    /** Whether records may go from its middle; not, where the brokers don't say. */
    public boolean isCompacted(String topic) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Optional<Map<ConfigResource, Config>> configs =
                ask(admin.describeConfigs(List.of(resource)).all());
        return configs.map(all -> all.get(resource).get(TopicConfig.CLEANUP_POLICY_CONFIG))
                .filter(policy -> policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT))
                .isPresent();
    }

    /** The topic's own id, as Kafka writes it; nothing where the brokers give none. */
    public Optional<String> id(String topic) throws InterruptedException {
        return ask(admin.describeTopics(List.of(topic)).allTopicNames())
                .map(topics -> topics.get(topic).topicId().toString());
    }

    /** The offset that a group has committed for a partition; nothing if there is none. */
    public Function<TopicPartition, OptionalLong> committed(String group)
            throws InterruptedException {
        var offsets = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return partition ->
                offsets.get(partition) == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(offsets.get(partition).offset());
    }

    /** An answer without which nothing can be said. */
    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw Failure.atRunTime("Kafka does not answer: " + e.getCause().getMessage());
        }
    }

    /** An answer that a user may lack the permission for. */
    private static <T> Optional<T> ask(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return Optional.ofNullable(answer.get());
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
