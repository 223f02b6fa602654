package io.quotelake.dashboard;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Asks the brokers how many records the topic has, and reads the reasons of the dead letters, each
 * letter once.
 */
final class KafkaWatch implements AutoCloseable {
    private static final int ANSWER_WITHIN_MILLIS = 3_000;
    private static final Duration READ_LETTERS_FOR = Duration.ofMillis(500);
    private static final String REASON = "quotelake.reason";

    private final String topic;
    private final String deadLetterTopic;
    private final String address;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> letters;
    private final Map<String, Long> reasons = new TreeMap<>();

    /**
     * What is in the topics.
     *
     * @param offsets that the topic has: records, and the marks of transactions
     * @param deleted offsets that retention has deleted
     * @param deadLetters by reason
     */
    record Topics(long offsets, long deleted, Map<String, Long> deadLetters) {}

    /**
     * @param properties of the Kafka client, with {@code bootstrap.servers}
     */
    KafkaWatch(Map<String, Object> properties, String topic, String deadLetterTopic) {
        this.topic = topic;
        this.deadLetterTopic = deadLetterTopic;
        address = properties.get("bootstrap.servers").toString();
        Map<String, Object> settings = new HashMap<>(properties);
        settings.putIfAbsent("default.api.timeout.ms", ANSWER_WITHIN_MILLIS);
        settings.putIfAbsent("request.timeout.ms", ANSWER_WITHIN_MILLIS);
        admin = Admin.create(settings);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "none");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        letters =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Asks for all of it.
     *
     * @throws UnavailableException when no broker answers
     */
    Topics look() throws UnavailableException {
        try {
            List<TopicPartition> partitions = partitions(topic);
            long ends = sum(partitions, OffsetSpec.latest());
            long begins = sum(partitions, OffsetSpec.earliest());
            readLetters();
            return new Topics(ends - begins, begins, new TreeMap<>(reasons));
        } catch (KafkaException | ExecutionException e) {
            throw new UnavailableException("Kafka does not answer at " + address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted");
        }
    }

    @Override
    public void close() {
        letters.close();
        admin.close(Duration.ZERO);
    }

    /** Empty if there is no such topic yet. */
    private List<TopicPartition> partitions(String name)
            throws ExecutionException, InterruptedException {
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
            return description.partitions().stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return List.of();
            }
            throw e;
        }
    }

    private long sum(Collection<TopicPartition> partitions, OffsetSpec where)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> question =
                partitions.stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> where));
        return admin.listOffsets(question).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    private void readLetters() throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = partitions(deadLetterTopic);
        if (letters.assignment().size() != partitions.size()) {
            letters.assign(partitions);
            readAgain();
        }
        long end = System.nanoTime() + READ_LETTERS_FOR.toNanos();
        try {
            while (!partitions.isEmpty() && System.nanoTime() < end) {
                var records = letters.poll(Duration.ofMillis(100));
                records.forEach(letter -> reasons.merge(reason(letter), 1L, Long::sum));
                if (records.isEmpty()) {
                    return;
                }
            }
        } catch (InvalidOffsetException e) {
            readAgain();
        }
    }

    /** The topic is another one than before: what was counted is not in it. */
    private void readAgain() {
        reasons.clear();
        if (!letters.assignment().isEmpty()) {
            letters.seekToBeginning(letters.assignment());
        }
    }

    private static String reason(ConsumerRecord<byte[], byte[]> letter) {
        Header header = letter.headers().lastHeader(REASON);
        return header == null ? "unknown" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
