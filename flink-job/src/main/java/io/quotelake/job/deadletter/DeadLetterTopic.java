package io.quotelake.job.deadletter;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.util.AdminUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead-letter topic as a task sees it: whether it can be written, and what has become of it.
 */
final class DeadLetterTopic {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Properties producer;
    private final String name;

    /**
     * @param producer the properties of the producer that writes the letters
     */
    DeadLetterTopic(Properties producer, String name) {
        this.producer = producer;
        this.name = name;
    }

    /**
     * Does with clients of its own what the connector's writer does next. That one closes nothing
     * when it fails (an Admin client with its thread, flink-connector-kafka 5.0.0), so each restart
     * of the job while no broker answers would leave a thread behind.
     *
     * @param transactionalId one that nobody else uses at this time
     * @throws IOException if letters can't be written, saying why
     */
    void checkWritable(String transactionalId) throws IOException {
        Properties own = new Properties();
        own.putAll(producer);
        own.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        try (Admin admin = Admin.create(producer)) {
            AdminUtils.getOpenTransactionsForTopics(admin, List.of(name));
        } catch (RuntimeException e) {
            throw notWritable(e);
        }
        KafkaProducer<byte[], byte[]> transactions = null;
        try {
            transactions =
                    new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
            transactions.initTransactions();
        } catch (KafkaException e) {
            throw notWritable(e);
        } finally {
            if (transactions != null) {
                transactions.close(Duration.ZERO);
            }
        }
    }

    private IOException notWritable(Exception reason) {
        Throwable deepest = reason;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return new IOException(
                String.format(
                        Locale.ROOT,
                        "no dead letter can be written to the topic %s at %s: %s",
                        name,
                        producer.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG),
                        deepest.getMessage()),
                reason);
    }

    /**
     * Bytes that key, value and headers of a letter may have, as the topic is configured now; it
     * may have been changed since the job was submitted.
     *
     * @param atMost what the producer can send
     * @throws IOException if the topic takes no dead letter at all
     */
    int mostContent(int atMost) throws IOException {
        int maxMessageBytes = atMost;
        CompressionType byTopic = null;
        try (Admin admin = Admin.create(producer)) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
            Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
            maxMessageBytes =
                    Math.min(
                            atMost,
                            Integer.parseInt(
                                    config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()));
            byTopic = compression(config.get(TopicConfig.COMPRESSION_TYPE_CONFIG).value());
        } catch (ExecutionException e) {
            LOG.warn(
                    "The limits of the topic {} are not shown: {}. Those of the job's start are"
                            + " assumed, {} bytes.",
                    name,
                    e.getCause().getMessage(),
                    atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the limits of " + name + " are read", e);
        }
        if (maxMessageBytes < DeadLetterSink.LEAST_MESSAGE_BYTES) {
            throw new IOException(DeadLetterSink.tooSmall(name, maxMessageBytes));
        }
        CompressionType sent =
                compression(producer.getProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"));
        int content = BatchSize.mostContent(maxMessageBytes, sent);
        return byTopic == null
                ? content
                : Math.min(content, BatchSize.mostContent(maxMessageBytes, byTopic));
    }

    /** Null for a topic that keeps what the producer has chosen. */
    private static CompressionType compression(String type) {
        return switch (type) {
            case "producer" -> null;
            case "uncompressed" -> CompressionType.NONE;
            default -> CompressionType.forName(type);
        };
    }

    /** Whether a letter that was written in a transaction is there. */
    enum Fate {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    /**
     * Looks where a letter must lie if its transaction was committed: all letters of a transaction
     * share its fate.
     */
    Fate fateOf(int partition, long offset) {
        Properties consumer = new Properties();
        consumer.putAll(producer);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        TopicPartition place = new TopicPartition(name, partition);
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(
                        consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(List.of(place));
            reader.seek(place, offset);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL).records(place)) {
                    return record.offset() == offset ? Fate.COMMITTED : Fate.ABORTED;
                }
                if (reader.position(place) > offset) {
                    return Fate.ABORTED;
                }
            }
        } catch (KafkaException e) {
            LOG.warn("Can't look for a dead letter at {} offset {}.", place, offset, e);
        }
        return Fate.UNKNOWN;
    }
}
