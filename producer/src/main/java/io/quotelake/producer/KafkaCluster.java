package io.quotelake.producer;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the program asks of the brokers before it starts. */
final class KafkaCluster implements AutoCloseable {

    private final KafkaOptions options;
    private final Admin admin;

    /**
     * @throws UsageException when no broker answers within 10 s, or the clients' properties are
     *     wrong
     */
    KafkaCluster(KafkaOptions options) {
        this.options = options;
        try {
            this.admin = Admin.create(options.adminProperties());
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
        try {
            get(admin.describeCluster().nodes());
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

    /**
     * The topic to write to, created when the options ask for it, or by a broker that creates
     * topics as they are named.
     *
     * @throws UsageException when it isn't there
     */
    TopicDescription topic() {
        try {
            Optional<TopicDescription> topic = find(options.topic());
            if (topic.isEmpty()) {
                create();
                topic = find(options.topic());
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

    private void create() {
        if (options.createTopic()) {
            create(
                    new NewTopic(
                            options.topic(),
                            Optional.ofNullable(options.partitions()),
                            Optional.ofNullable(options.replicationFactor())));
        }
    }

    private void create(NewTopic topic) {
        try {
            get(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Another producer was faster.
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

    /**
     * A producer that knows the topic's partitions already, so that the first row leaves at once.
     *
     * @throws UsageException when a property is wrong
     */
    KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        var properties = options.producerProperties();
        if (transactionalId != null) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        }
        try {
            KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties);
            producer.partitionsFor(options.topic());
            return producer;
        } catch (KafkaException e) {
            throw wrongUse(e);
        }
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
