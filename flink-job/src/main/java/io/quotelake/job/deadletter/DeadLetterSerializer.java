package io.quotelake.job.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quotelake.job.quote.DeadLetter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A dead letter as a Kafka record: bytes, key and headers as they came, then the headers {@code
 * quotelake.reason}, {@code .detail}, {@code .topic}, {@code .partition}, {@code .offset} and
 * {@code .timestamp}, all in UTF-8.
 *
 * <p>A record that would not fit the dead-letter topic is shortened: first its value, then its key,
 * then its own headers go. {@code quotelake.truncated} then says what it was: {@code "value
 * 10485760 bytes, key 3 bytes, 0 headers"}.
 */
public class DeadLetterSerializer
        implements KafkaRecordSerializationSchema<DeadLetter>, KafkaDatasetFacetProvider {

    private static final long serialVersionUID = 1L;

    private static final String PREFIX = "quotelake.";

    /** A header's detail is for reading, not for keeping: the value itself is kept. */
    private static final int MAX_DETAIL_LENGTH = 500;

    private final String topic;
    private final int maxContentBytes;

    /**
     * @param maxContentBytes what key, value and headers may have together, as {@link
     *     BatchSize#mostContent} says
     */
    DeadLetterSerializer(String topic, int maxContentBytes) {
        this.topic = topic;
        this.maxContentBytes = maxContentBytes;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        RecordHeaders own = ownHeaders(letter);
        long spare = maxContentBytes - size(own);
        RecordHeaders original = originalHeaders(letter);
        long size = size(original) + length(letter.key) + length(letter.value);
        if (size <= spare) {
            own.forEach(original::add);
            return record(letter.key, letter.value, original);
        }
        return shortened(letter, own, original, spare);
    }

    private ProducerRecord<byte[], byte[]> shortened(
            DeadLetter letter, RecordHeaders own, RecordHeaders original, long spare) {
        String truncated =
                String.format(
                        Locale.ROOT,
                        "value %d bytes, key %d bytes, %d headers",
                        length(letter.value),
                        length(letter.key),
                        letter.headerNames.length);
        own.add(PREFIX + "truncated", truncated.getBytes(UTF_8));
        long room = spare - PREFIX.length() - 32L - truncated.length();
        boolean keepHeaders = size(original) <= room;
        room -= keepHeaders ? size(original) : 0;
        byte[] key = first(letter.key, room);
        byte[] value = first(letter.value, room - length(key));
        RecordHeaders headers = keepHeaders ? original : new RecordHeaders();
        own.forEach(headers::add);
        return record(key, value, headers);
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, byte[] value, Headers headers) {
        return new ProducerRecord<>(topic, null, null, key, value, headers);
    }

    private static RecordHeaders originalHeaders(DeadLetter letter) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < letter.headerNames.length; i++) {
            headers.add(letter.headerNames[i], letter.headerValues[i]);
        }
        return headers;
    }

    private static RecordHeaders ownHeaders(DeadLetter letter) {
        RecordHeaders headers = new RecordHeaders();
        add(headers, "reason", letter.reason.label());
        add(headers, "detail", first(letter.detail));
        add(headers, "topic", letter.topic);
        add(headers, "partition", Integer.toString(letter.partition));
        add(headers, "offset", Long.toString(letter.offset));
        add(headers, "timestamp", Long.toString(letter.timestamp));
        return headers;
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(PREFIX + name, value.getBytes(UTF_8));
    }

    private static String first(String detail) {
        return detail.length() <= MAX_DETAIL_LENGTH
                ? detail
                : detail.substring(0, MAX_DETAIL_LENGTH);
    }

    private static byte[] first(byte[] bytes, long count) {
        return bytes == null || bytes.length <= count
                ? bytes
                : Arrays.copyOf(bytes, (int) Math.max(0, count));
    }

    private static long size(RecordHeaders headers) {
        long size = 0;
        for (var header : headers) {
            size += BatchSize.HEADER_OVERHEAD_BYTES;
            size += header.key().getBytes(UTF_8).length;
            size += length(header.value());
        }
        return size;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(
                new DefaultKafkaDatasetFacet(
                        DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
}
