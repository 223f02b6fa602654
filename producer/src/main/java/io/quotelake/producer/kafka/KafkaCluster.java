package io.quotelake.producer.kafka;

import io.quotelake.producer.feed.Publisher;
import io.quotelake.producer.terminal.RunException;
import io.quotelake.producer.terminal.UsageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the program asks of the brokers before it starts. */
public final class KafkaCluster implements AutoCloseable {

    /** A busy broker may take its time; a person who mistyped the address shouldn't. */
    private static final DescribeClusterOptions ANSWER_TIMEOUT =
            new DescribeClusterOptions().timeoutMs(10_000);

    private static final Duration CREATION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaOptions options;
    private final Admin admin;
    private final ClusterGuard guard;

    /**
     * @throws UsageException when no broker answers within 10 s, the clients' properties are wrong,
     *     or the cluster is another one than the options ask for
     */
    public KafkaCluster(KafkaOptions options) {
        this.options = options;
        this.guard = new ClusterGuard(options.clusterId());
        try {
            this.admin = Admin.create(options.adminProperties());
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
        try {
            checkCluster(get(admin.describeCluster(ANSWER_TIMEOUT).clusterId()));
        } catch (TimeoutException e) {
            admin.close();
            throw new UsageException(
                    "no Kafka broker answers at %s: start one, or name another with --bootstrap-servers (env KAFKA_BOOTSTRAP_SERVERS)"
                            .formatted(options.bootstrapServers()));
        } catch (KafkaException e) {
            admin.close();
            throw wrongUse(e);
        }
    }

    private void checkCluster(String id) {
        if (options.clusterId() != null && !options.clusterId().equals(id)) {
            admin.close();
            throw new UsageException(
                    "the brokers at %s are of the cluster %s, and --cluster-id asks for %s: name the right ones with --bootstrap-servers"
                            .formatted(options.bootstrapServers(), id, options.clusterId()));
        }
    }

    /**
     * Kafka's identity of the topic, which changes when it is made anew.
     *
     * @return empty when the brokers are too old to have ids (before 2.8)
     */
    public static Optional<String> idOf(TopicDescription topic) {
        return topic.topicId().equals(Uuid.ZERO_UUID)
                ? Optional.empty()
                : Optional.of(topic.topicId().toString());
    }

    /**
     * Checks, once all rows are sent, that the topic is still the one of the first row.
     *
     * @param before the topic as it was before the first row
     * @throws RunException when the topic was deleted since, or is another one
     */
    public void checkStillThere(TopicDescription before) {
        Optional<TopicDescription> now;
        try {
            now = find(before.name());
        } catch (KafkaException e) {
            throw new RunException(
                    "all rows were acknowledged, but the topic %s can't be asked for any more: %s"
                            .formatted(before.name(), reason(e)),
                    e);
        }
        if (now.isEmpty() || !now.get().topicId().equals(before.topicId())) {
            throw new RunException(
                    "the topic %s was deleted%s while rows were sent, and those sent before are gone: send the file again%s"
                            .formatted(
                                    before.name(),
                                    now.isEmpty() ? "" : " and made anew",
                                    now.isEmpty() ? " with --create-topic" : ""));
        }
    }

    /**
     * The topic to write to, created when the options ask for it.
     *
     * @throws UsageException when it isn't there
     */
    public TopicDescription topic() {
        try {
            Optional<TopicDescription> topic = find(options.topic());
            if (topic.isEmpty() && options.createTopic()) {
                create(
                        new NewTopic(
                                        options.topic(),
                                        Optional.ofNullable(options.partitions()),
                                        Optional.ofNullable(options.replicationFactor()))
                                .configs(createdTopicConfigs()));
                topic = Optional.of(awaitLed(options.topic()));
            }
            return topic.orElseThrow(
                    () ->
                            new UsageException(
                                    "there is no topic %s at %s: create it, or add --create-topic"
                                            .formatted(
                                                    options.topic(), options.bootstrapServers())));
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
    }

    /** Rows whose timestamps are trading days are older than the usual retention. */
    private Map<String, String> createdTopicConfigs() {
        return options.timestampFromDate()
                ? Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")
                : Map.of();
    }

    private void create(NewTopic topic) {
        try {
            get(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Another producer was faster.
        }
    }

    /**
     * A broker may learn of a topic a moment after the controller has created it, and may lead its
     * partitions a moment later still. A batch refused in between would be overtaken by its
     * successor, and an idempotent producer can't send it any more.
     */
    private TopicDescription awaitLed(String topic) {
        long deadline = System.nanoTime() + CREATION_TIMEOUT.toNanos();
        while (true) {
            Optional<TopicDescription> description = find(topic).filter(this::isLed);
            if (description.isPresent()) {
                return description.get();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("the created topic " + topic + " doesn't appear");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Only the leader of a partition knows its end. */
    private boolean isLed(TopicDescription topic) {
        try {
            highWatermarks(
                    topic.partitions().stream()
                            .map(info -> new TopicPartition(topic.name(), info.partition()))
                            .toList());
            return true;
        } catch (UnknownTopicOrPartitionException e) {
            return false;
        }
    }

    private Optional<TopicDescription> find(String topic) {
        try {
            return Optional.of(
                    get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic)));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /** Sends without transactions. */
    public Publisher publisher() {
        KafkaProducer<byte[], byte[]> producer = producer(null);
        KafkaPublisher publisher =
                new KafkaPublisher(producer, options.topic(), options.timestampFromDate());
        guard.onOther(publisher::failed);
        return publisher;
    }

    /**
     * A producer that knows the topic's partitions already, so that the first row leaves at once.
     *
     * @throws UsageException when a property is wrong
     */
    private KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        var properties = options.producerProperties();
        if (transactionalId != null) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        }
        try {
            KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(properties, guard, new ByteArraySerializer());
            producer.partitionsFor(options.topic());
            return producer;
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
    }

    /**
     * A transactional producer, after the open transaction of a former one was ended.
     *
     * @throws UsageException when a property is wrong or the brokers refuse
     */
    public KafkaProducer<byte[], byte[]> transactionalProducer(String transactionalId) {
        KafkaProducer<byte[], byte[]> producer = producer(transactionalId);
        try {
            producer.initTransactions();
            return producer;
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw wrongUse(e);
        }
    }

    /**
     * Creates a compacted topic when it isn't there.
     *
     * @throws UsageException when it is there and not compacted
     */
    void ensureCompacted(String topic) {
        try {
            if (find(topic).isEmpty()) {
                create(
                        new NewTopic(
                                        topic,
                                        Optional.of(1),
                                        Optional.ofNullable(options.replicationFactor()))
                                .configs(
                                        Map.of(
                                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                                TopicConfig.CLEANUP_POLICY_COMPACT)));
                awaitLed(topic);
            }
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            String policy =
                    get(admin.describeConfigs(List.of(resource)).values().get(resource))
                            .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                            .value();
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new UsageException(
                        "the topic %s has cleanup.policy=%s and would forget positions: set it to compact"
                                .formatted(topic, policy));
            }
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
    }

    /**
     * Reads what is committed in a topic at this moment, until the reader has enough.
     *
     * @param wantsMore takes a record and says whether to go on
     * @return whether the reader took all
     * @throws UsageException when the topic can't be read to its end
     */
    boolean readCommitted(String topic, Predicate<ConsumerRecord<byte[], byte[]>> wantsMore) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(options.consumerProperties())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = highWatermarks(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + options.transactionTimeout().toNanos();
            for (TopicPartition partition : partitions) {
                // Waits for transactions of other producers that are open in between.
                while (consumer.position(partition) < ends.get(partition)) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                    for (ConsumerRecord<byte[], byte[]> message : records) {
                        if (!wantsMore.test(message)) {
                            return false;
                        }
                    }
                    if (!records.isEmpty()) {
                        deadline = System.nanoTime() + options.transactionTimeout().toNanos();
                    } else if (System.nanoTime() > deadline) {
                        throw new UsageException(
                                "a transaction of another producer stays open in %s: end that one first"
                                        .formatted(topic));
                    }
                }
            }
            return true;
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
    }

    /**
     * The ends of the log: unlike those of a read-committed consumer, they lie behind open
     * transactions.
     */
    private Map<TopicPartition, Long> highWatermarks(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest).all())
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    private UsageException wrongUse(KafkaException e) {
        return new UsageException(
                "Kafka at %s refuses: %s".formatted(options.bootstrapServers(), reason(e)));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    /** The innermost message, on one line. */
    static String reason(Throwable failure) {
        String reason = failure.toString();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                reason = cause.getMessage();
            }
        }
        return reason.replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public void close() {
        admin.close();
    }
}
