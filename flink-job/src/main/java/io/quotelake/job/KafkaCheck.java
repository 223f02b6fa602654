package io.quotelake.job;

import io.quotelake.job.source.TopicIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the job must know of the Kafka cluster before it starts: that it is there, that the topic
 * is, and what the dead-letter topic takes. It creates the dead-letter topic where there is none.
 *
 * @param topic the topic that the job is to read
 * @param maxDeadLetterBytes the dead-letter topic's {@code max.message.bytes}
 * @param maxTransactionTimeout the longest transaction timeout that the brokers grant
 */
record KafkaCheck(TopicIdentity topic, int maxDeadLetterBytes, Duration maxTransactionTimeout) {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCheck.class);

    /**
     * How long a broker may take for its first answer. With the start of Flink's client, a mistyped
     * address is reported within 15 s.
     */
    private static final Duration FIRST_ANSWER_WITHIN = Duration.ofSeconds(8);

    /** How long it may take for later answers. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What our own headers and the batch take above the source's largest record, generously. */
    private static final int HEADER_ROOM_BYTES = 64 * 1024;

    /** Kafka's defaults, for clusters that don't show their configuration to everyone. */
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024 + 12;

    private static final Duration DEFAULT_MAX_TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

    private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

    /**
     * Asks the cluster.
     *
     * @throws Unusable if it is not there or has no such topic
     */
    static KafkaCheck run(JobOptions options) throws Unusable, InterruptedException {
        Properties properties = options.kafkaProperties();
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        properties.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Integer.toString((int) PATIENCE.toMillis()));
        properties.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Integer.toString((int) PATIENCE.toMillis()));
        try (Admin admin = Admin.create(properties)) {
            TopicDescription topic = describe(admin, options.topic(), FIRST_ANSWER_WITHIN);
            createDeadLetterTopic(admin, options, topic);
            TopicIdentity identity = TopicIdentity.of(options.topic(), topic.topicId());
            if (!identity.hasId()) {
                LOG.warn(
                        "These brokers give topics no ids (Kafka has them since 2.8): a topic that"
                                + " is deleted and created anew can't be told from the one before.");
            }
            return new KafkaCheck(
                    identity,
                    maxMessageBytes(admin, options.deadLetterTopic()),
                    maxTransactionTimeout(admin));
        } catch (ExecutionException | RuntimeException e) {
            throw unusable(options, e);
        }
    }

    private static Unusable unusable(JobOptions options, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new Unusable(
                    String.format(
                            Locale.ROOT,
                            "there is no topic '%s' at %s; create it, or name another one with"
                                    + " --topic",
                            options.topic(),
                            options.bootstrapServers()));
        }
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return new Unusable(
                    String.format(
                            Locale.ROOT,
                            "Kafka at %s refuses: %s; check user, password and certificates in"
                                    + " --kafka-config",
                            options.bootstrapServers(),
                            deepest.getMessage()));
        }
        return new Unusable(
                String.format(
                        Locale.ROOT,
                        "no Kafka cluster answers at %s (%s); check --bootstrap-servers and the"
                                + " Kafka properties",
                        options.bootstrapServers(),
                        deepest.getMessage()));
    }

    private static TopicDescription describe(Admin admin, String topic, Duration within)
            throws ExecutionException, InterruptedException {
        return admin.describeTopics(
                        List.of(topic),
                        new DescribeTopicsOptions().timeoutMs((int) within.toMillis()))
                .allTopicNames()
                .get()
                .get(topic);
    }

    private static void createDeadLetterTopic(
            Admin admin, JobOptions options, TopicDescription source)
            throws ExecutionException, InterruptedException {
        try {
            describe(admin, options.deadLetterTopic(), PATIENCE);
            return;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
        }
        int partitions = source.partitions().size();
        int replicas = source.partitions().get(0).replicas().size();
        int maxBytes = maxMessageBytes(admin, options.topic()) + HEADER_ROOM_BYTES;
        NewTopic topic =
                new NewTopic(options.deadLetterTopic(), partitions, (short) replicas)
                        .configs(
                                Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        Integer.toString(maxBytes)));
        try {
            admin.createTopics(List.of(topic)).all().get();
            LOG.info(
                    "Created the topic {} for dead letters: {} partitions, records of up to {}"
                            + " bytes.",
                    options.deadLetterTopic(),
                    partitions,
                    maxBytes);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static int maxMessageBytes(Admin admin, String topic) throws InterruptedException {
        return configuration(
                        admin,
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                .map(Integer::parseInt)
                .orElse(DEFAULT_MAX_MESSAGE_BYTES);
    }

    private static Duration maxTransactionTimeout(Admin admin)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> brokers = new ArrayList<>();
        admin.describeCluster()
                .nodes()
                .get()
                .forEach(
                        node ->
                                brokers.add(
                                        new ConfigResource(
                                                ConfigResource.Type.BROKER, node.idString())));
        Duration shortest = null;
        for (ConfigResource broker : brokers) {
            Optional<Duration> granted =
                    configuration(admin, broker, MAX_TRANSACTION_TIMEOUT)
                            .map(millis -> Duration.ofMillis(Long.parseLong(millis)));
            if (granted.isPresent()
                    && (shortest == null || granted.get().compareTo(shortest) < 0)) {
                shortest = granted.get();
            }
        }
        return shortest == null ? DEFAULT_MAX_TRANSACTION_TIMEOUT : shortest;
    }

    /**
     * A setting's value; empty where the cluster doesn't show it, for example without the
     * permission.
     */
    private static Optional<String> configuration(Admin admin, ConfigResource of, String name)
            throws InterruptedException {
        try {
            Config config = admin.describeConfigs(List.of(of)).all().get().get(of);
            return Optional.ofNullable(config.get(name)).map(entry -> entry.value());
        } catch (ExecutionException e) {
            LOG.warn(
                    "The Kafka cluster doesn't tell {} of {}; its default is assumed: {}",
                    name,
                    of.name(),
                    e.getCause().getMessage());
            return Optional.empty();
        }
    }

    /** The cluster can't be used as asked; the message is one line for the user. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }
}
