package io.quotelake.job.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.quote.DeadLetter;
import io.quotelake.job.quote.DeadLetterReason;
import io.quotelake.job.source.SourceRecord;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadLetterSerializerTest {

    private static final int MAX_BYTES = 10_000;

    private static DeadLetter letter(byte[] key, byte[] value) {
        SourceRecord record = new SourceRecord();
        record.topic = "stock_market";
        record.partition = 3;
        record.offset = 1207;
        record.timestamp = 1767605400123L;
        record.key = key;
        record.value = value;
        record.headerNames = new String[] {"trace", "trace", "empty"};
        record.headerValues = new byte[][] {{1}, {2}, null};
        return new DeadLetter(record, DeadLetterReason.BAD_INDEX, "index is a/b");
    }

    private static ProducerRecord<byte[], byte[]> serialize(DeadLetter letter) {
        return serialize(letter, MAX_BYTES, CompressionType.NONE);
    }

    private static ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, int maxMessageBytes, CompressionType compression) {
        return new DeadLetterSerializer("dead", BatchSize.mostContent(maxMessageBytes, compression))
                .serialize(letter, null, null);
    }

    /** What brokers compare with the limit. */
    private static int batchSize(
            ProducerRecord<byte[], byte[]> record, CompressionType compression) {
        return MemoryRecords.withRecords(
                        Compression.of(compression).build(),
                        new SimpleRecord(
                                Long.MAX_VALUE,
                                record.key(),
                                record.value(),
                                record.headers().toArray()))
                .sizeInBytes();
    }

    private static String header(ProducerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader("quotelake." + name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    /** What Kafka's client compares with the limit. */
    private static int size(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
    }

    @Test
    void bytesKeyAndHeadersGoAsTheyCame() {
        byte[] value = {0, (byte) 0xff, 7};

        ProducerRecord<byte[], byte[]> record = serialize(letter(new byte[] {9}, value));

        assertThat(record.topic()).isEqualTo("dead");
        assertThat(record.key()).containsExactly(9);
        assertThat(record.value()).isEqualTo(value);
        assertThat(Arrays.copyOf(record.headers().toArray(), 3))
                .extracting(Header::key, Header::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("trace", new byte[] {1}),
                        org.assertj.core.groups.Tuple.tuple("trace", new byte[] {2}),
                        org.assertj.core.groups.Tuple.tuple("empty", null));
        assertThat(header(record, "reason")).isEqualTo("bad-index");
        assertThat(header(record, "detail")).isEqualTo("index is a/b");
        assertThat(header(record, "topic")).isEqualTo("stock_market");
        assertThat(header(record, "partition")).isEqualTo("3");
        assertThat(header(record, "offset")).isEqualTo("1207");
        assertThat(header(record, "timestamp")).isEqualTo("1767605400123");
        assertThat(header(record, "truncated")).isNull();
    }

    @Test
    void aTombstoneStaysOne() {
        ProducerRecord<byte[], byte[]> record = serialize(letter(null, null));

        assertThat(record.key()).isNull();
        assertThat(record.value()).isNull();
    }

    @Test
    void aValueThatDoesNotFitIsShortenedAndAHeaderSaysSo() {
        byte[] value = new byte[MAX_BYTES];
        Arrays.fill(value, (byte) 'x');

        ProducerRecord<byte[], byte[]> record = serialize(letter(new byte[] {9}, value));

        assertThat(size(record)).isLessThanOrEqualTo(MAX_BYTES);
        assertThat(record.value().length).isBetween(MAX_BYTES - 1_000, MAX_BYTES);
        assertThat(record.key()).containsExactly(9);
        assertThat(record.headers().lastHeader("trace")).isNotNull();
        assertThat(header(record, "truncated"))
                .isEqualTo("value 10000 bytes, key 1 bytes, 3 headers");
    }

    @Test
    void keysAndHeadersThatDoNotFitGoToo() {
        DeadLetter letter = letter(new byte[2 * MAX_BYTES], new byte[MAX_BYTES]);
        letter.headerValues[0] = new byte[3 * MAX_BYTES];

        ProducerRecord<byte[], byte[]> record = serialize(letter);

        assertThat(size(record)).isLessThanOrEqualTo(MAX_BYTES);
        assertThat(record.headers().lastHeader("trace")).isNull();
        assertThat(header(record, "reason")).isEqualTo("bad-index");
        assertThat(header(record, "truncated"))
                .isEqualTo("value 10000 bytes, key 20000 bytes, 3 headers");
    }

    @Test
    void everySizeAroundTheLimitFits() {
        for (int bytes = MAX_BYTES - 2_000; bytes < MAX_BYTES + 10; bytes++) {
            ProducerRecord<byte[], byte[]> record = serialize(letter(null, new byte[bytes]));

            assertThat(size(record)).as(bytes + " bytes").isLessThanOrEqualTo(MAX_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void bytesThatDoNotCompressFitEveryLimitWithEveryCompression(CompressionType compression) {
        Random random = new Random(20261127);
        for (int limit : new int[] {4_096, 32_768, 65_536, 1_048_588, 5_242_880}) {
            byte[] value = new byte[limit + 3_000_000];
            random.nextBytes(value);

            ProducerRecord<byte[], byte[]> record =
                    serialize(letter(new byte[] {9}, value), limit, compression);

            assertThat(batchSize(record, compression))
                    .as("%s, at most %d", compression, limit)
                    .isLessThanOrEqualTo(limit);
            assertThat(record.value().length)
                    .as("what is kept")
                    .isGreaterThan(limit / 5 * 4 - 1_500);
            assertThat(header(record, "truncated")).startsWith("value " + value.length);
        }
    }

    @Test
    void theHeadersDoNotFollowTheMachinesLanguage() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            ProducerRecord<byte[], byte[]> record = serialize(letter(null, new byte[20_000]));

            assertThat(header(record, "truncated"))
                    .isEqualTo("value 20000 bytes, key 0 bytes, 3 headers");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theSmallestTopicTakesTheLongestHeaders() {
        SourceRecord source = new SourceRecord();
        source.topic = "t".repeat(249);
        source.partition = Integer.MAX_VALUE;
        source.offset = Long.MIN_VALUE;
        source.timestamp = Long.MIN_VALUE;
        source.value = new byte[100_000];
        new Random(1).nextBytes(source.value);
        DeadLetter letter =
                new DeadLetter(
                        source, DeadLetterReason.INCONSISTENT_PRICES, "\u20ac".repeat(1_000));

        for (CompressionType compression : CompressionType.values()) {
            ProducerRecord<byte[], byte[]> record =
                    serialize(letter, DeadLetterSink.LEAST_MESSAGE_BYTES, compression);

            assertThat(batchSize(record, compression))
                    .as("%s", compression)
                    .isLessThanOrEqualTo(DeadLetterSink.LEAST_MESSAGE_BYTES);
        }
    }
}
