package io.quotelake.verifier.topic;

import io.quotelake.terminal.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends dead letters back to the topic that they came from, with key, value and headers as they
 * came. Each is sent once, however often this is done: how far it came is kept as the offsets of a
 * consumer group, in the transactions that send.
 */
public final class Redrive implements AutoCloseable {
    private static final int LETTERS_PER_TRANSACTION = 500;
    private static final int MAX_BLOCK_MILLIS = 10_000;

    /** The topics bound the size of a record, not this client. */
    private static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    private final Map<String, Object> kafka;
    private final String topic;
    private final String group;
    private final TopicReader reader;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();
    private int inTransaction;
    private long sent;
    private long truncated;

    /**
     * How many.
     *
     * @param sent went back
     * @param truncated stay where they are, because the dead-letter topic could not take them whole
     */
    public record Counts(long sent, long truncated) {}

    /**
     * Connects.
     *
     * @param kafka client properties, with {@code bootstrap.servers}
     * @param topic of the dead letters
     */
    public Redrive(Map<String, Object> kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
        this.group = topic + ".redrive";
        this.reader = new TopicReader(kafka);
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * MAX_REQUEST_BYTES);
        producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends all that are there now and were not sent before.
     *
     * @throws Failure if their topic does not take them, or another one does this too
     */
    public Counts run() throws InterruptedException {
        try {
            producer.initTransactions();
            Map<TopicPartition, OffsetAndMetadata> done = reachedBefore();
            reader.readAll(topic, letter -> take(letter, done));
            commit();
            return new Counts(sent, truncated);
        } catch (ProducerFencedException e) {
            throw Failure.atRunTime("another one sends the letters of " + topic + " back just now");
        } catch (KafkaException | ExecutionException e) {
            throw Failure.atRunTime(
                    "the letters of "
                            + topic
                            + " can't go back: "
                            + innermost(e).getMessage()
                            + ". None is lost, and a next call goes on from here");
        }
    }

    private static Throwable innermost(Throwable e) {
        return e.getCause() == null ? e : innermost(e.getCause());
    }

    private Map<TopicPartition, OffsetAndMetadata> reachedBefore()
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(kafka)) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        }
    }

    private void take(
            ConsumerRecord<byte[], byte[]> letter, Map<TopicPartition, OffsetAndMetadata> done) {
        TopicPartition partition = new TopicPartition(letter.topic(), letter.partition());
        OffsetAndMetadata next = done.get(partition);
        if (next != null && letter.offset() < next.offset()) {
            return;
        }
        if (inTransaction == 0) {
            producer.beginTransaction();
        }
        if (letter.headers().lastHeader(LetterHeaders.TRUNCATED) != null) {
            truncated++;
        } else {
            producer.send(asItCame(letter));
            sent++;
        }
        reached.put(partition, new OffsetAndMetadata(letter.offset() + 1));
        inTransaction++;
        if (inTransaction == LETTERS_PER_TRANSACTION) {
            commit();
        }
    }

    private void commit() {
        if (inTransaction > 0) {
            producer.sendOffsetsToTransaction(reached, new ConsumerGroupMetadata(group));
            producer.commitTransaction();
            inTransaction = 0;
        }
    }

    private ProducerRecord<byte[], byte[]> asItCame(ConsumerRecord<byte[], byte[]> letter) {
        Header[] headers = letter.headers().toArray();
        int came = headers.length - LetterHeaders.ALWAYS.size();
        for (int i = 0; i < LetterHeaders.ALWAYS.size(); i++) {
            if (came < 0 || !headers[came + i].key().equals(LetterHeaders.ALWAYS.get(i))) {
                throw Failure.atRunTime(
                        "%s, partition %d, offset %d is no dead letter of Quotelake's job: its last headers are not those"
                                .formatted(topic, letter.partition(), letter.offset()));
            }
        }
        String source =
                new String(
                        letter.headers().lastHeader(LetterHeaders.TOPIC).value(),
                        StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                source,
                null,
                letter.key(),
                letter.value(),
                Arrays.asList(headers).subList(0, came));
    }

    @Override
    public void close() {
        producer.close();
        reader.close();
    }
}
