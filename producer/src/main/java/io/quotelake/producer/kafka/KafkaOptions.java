package io.quotelake.producer.kafka;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Option;

/** Where the quotes go, and how the program speaks with the brokers. */
public final class KafkaOptions {

    /** What a record's timestamp is. */
    enum Timestamp {
        now,
        date
    }

    /** How batches are packed. */
    enum Compression {
        none,
        gzip,
        snappy,
        lz4,
        zstd
    }

    /** How long a delivery is tried, and how long a full buffer waits. */
    private static final int DELIVERY_TIMEOUT_MILLIS = 120_000;

    /** A third of the default level's processor time, for a sixth more bytes. */
    private static final int FASTEST_GZIP_LEVEL = 1;

    /** What the program promises, or asks for by options of its own. */
    private static final Map<String, String> OWN_PROPERTIES =
            Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "give it as --bootstrap-servers",
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG, "give it as --transactional-id",
                    ProducerConfig.ACKS_CONFIG, "it is always all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "it is always true",
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "keys are bytes",
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "values are bytes");

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}",
            description =
                    "Brokers to start from (env KAFKA_BOOTSTRAP_SERVERS). Default: localhost:9092")
    private String bootstrapServers;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            defaultValue = "${env:KAFKA_TOPIC:-stock_market}",
            description = "Topic to write to (env KAFKA_TOPIC). Default: stock_market")
    private String topic;

    @Option(names = "--create-topic", description = "Create the topic if it isn't there.")
    private boolean createTopic;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of a created topic. Default: the broker's.")
    private Integer partitions;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "Replicas of a created topic. Default: the broker's.")
    private Short replicationFactor;

    @Option(
            names = "--timestamp",
            defaultValue = "now",
            description = {
                "Record timestamp: now, or date (the trading day; days before 1970 become 1970,"
                        + " Kafka's first). Default: now"
            })
    private Timestamp timestamp;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = {
                "none, gzip, snappy, lz4 or zstd. Every client reads none and gzip; kafka-python and",
                "kafkajs read the others with an extra library only. Default: lz4"
            })
    private Compression compression;

    @Option(
            names = "--kafka-property",
            paramLabel = "KEY=VALUE",
            description = "A property of the Kafka producer, such as linger.ms=5. Repeatable.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file for the Kafka clients, as Kafka's own tools take it (SASL, TLS).")
    private Path kafkaConfig;

    @Option(
            names = "--cluster-id",
            paramLabel = "ID",
            hidden = true,
            description = "Send to the Kafka cluster of this id only.")
    private String clusterId;

    @Option(names = "--verbose", description = "Show what the Kafka client logs.")
    private boolean verbose;

    private Map<String, String> given;

    /**
     * @throws UsageException when an option is wrong
     */
    public void validate() {
        if (topic.isBlank() || bootstrapServers.isBlank()) {
            throw new UsageException(
                    (topic.isBlank()
                                    ? "--topic (env KAFKA_TOPIC)"
                                    : "--bootstrap-servers (env KAFKA_BOOTSTRAP_SERVERS)")
                            + " is empty: give it a value or leave it out");
        }
        if (!createTopic && (partitions != null || replicationFactor != null)) {
            throw new UsageException(
                    "--partitions and --replication-factor belong to --create-topic: add it or leave them out");
        }
        if (partitions != null && partitions < 1
                || replicationFactor != null && replicationFactor < 1) {
            throw new UsageException("--partitions and --replication-factor are at least 1");
        }
        given = givenProperties();
        // Read by the logger when the first Kafka class is loaded.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "off");
    }

    private Map<String, String> givenProperties() {
        Map<String, String> all = new TreeMap<>();
        if (kafkaConfig != null) {
            Properties file = new Properties();
            try (Reader reader = Files.newBufferedReader(kafkaConfig)) {
                file.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new UsageException(
                        "can't read --kafka-config %s as a properties file: %s"
                                .formatted(kafkaConfig, e));
            }
            file.stringPropertyNames().forEach(name -> all.put(name, file.getProperty(name)));
            // Kafka's own tools share such files, and take the address as an option too.
            all.keySet().remove(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
        }
        all.putAll(properties);
        if (compression != null && all.containsKey(ProducerConfig.COMPRESSION_TYPE_CONFIG)) {
            throw new UsageException(
                    "--compression and the property compression.type say the same thing: give one of them");
        }
        for (String name : all.keySet()) {
            if (OWN_PROPERTIES.containsKey(name)) {
                throw new UsageException(
                        "the property %s can't be set: %s"
                                .formatted(name, OWN_PROPERTIES.get(name)));
            }
        }
        return all;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    public String topic() {
        return topic;
    }

    /** The id of the cluster that must answer; null accepts any. */
    String clusterId() {
        return clusterId;
    }

    boolean createTopic() {
        return createTopic;
    }

    /** Null for the broker's default. */
    Integer partitions() {
        return partitions;
    }

    /** Null for the broker's default. */
    Short replicationFactor() {
        return replicationFactor;
    }

    public boolean timestampFromDate() {
        return timestamp == Timestamp.date;
    }

    /** A hint about consumers that can't read the default codec; empty when a codec was chosen. */
    public Optional<String> remark() {
        return compression != null || given.containsKey(ProducerConfig.COMPRESSION_TYPE_CONFIG)
                ? Optional.empty()
                : Optional.of(
                        "Packed with lz4: kafka-python and kafkajs need an extra library to read it, and none with --compression gzip");
    }

    /** Idempotent and compressed, in batches large enough to compress well. */
    Map<String, Object> producerProperties() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression == null ? Compression.lz4.name() : compression.name());
        all.put(ProducerConfig.COMPRESSION_GZIP_LEVEL_CONFIG, FASTEST_GZIP_LEVEL);
        all.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        all.put(ProducerConfig.CLIENT_ID_CONFIG, "quotelake-producer");
        all.putAll(given);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return all;
    }

    /**
     * An open transaction is aborted by the brokers after this time: an outage may last as long.
     */
    Duration transactionTimeout() {
        Object millis = producerProperties().get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        return Duration.ofMillis(Long.parseLong(millis.toString()));
    }

    /** For the questions at the start. */
    Map<String, Object> adminProperties() {
        Map<String, Object> all = new LinkedHashMap<>(given);
        all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return all;
    }

    /** For reading committed records back. */
    Map<String, Object> consumerProperties() {
        Map<String, Object> all = new LinkedHashMap<>(given);
        all.keySet().removeAll(List.of(ConsumerConfig.GROUP_ID_CONFIG));
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return all;
    }
}
