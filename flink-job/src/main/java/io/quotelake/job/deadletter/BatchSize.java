package io.quotelake.job.deadletter;

import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecord;
import org.apache.kafka.common.record.DefaultRecordBatch;

/**
 * How large a Kafka record batch of one record becomes at the worst. Brokers compare the compressed
 * batch with a topic's {@code max.message.bytes}, and bytes that don't compress become more.
 *
 * <p>Sources of the bounds: Kafka's message format, version 2; the LZ4 frames of Kafka's client
 * (header 7 bytes, end mark 4, and 4 for each block of 64 KiB); zlib's {@code deflateBound} with
 * gzip's 18 bytes around it; {@code ZSTD_COMPRESSBOUND}; snappy's {@code MaxCompressedLength} for
 * blocks of 32 KiB, with xerial's 16 bytes before and 4 for each block.
 */
final class BatchSize {

    /**
     * Bytes around key, value and headers: the batch's, the record's, and the lengths of key and
     * value and the number of headers, 5 each.
     */
    static final int OVERHEAD_BYTES =
            DefaultRecordBatch.RECORD_BATCH_OVERHEAD + DefaultRecord.MAX_RECORD_OVERHEAD + 15;

    /** A header's two lengths. */
    static final int HEADER_OVERHEAD_BYTES = 10;

    private BatchSize() {}

    /**
     * Bytes that key, value and headers of one record may have together, each header with {@link
     * #HEADER_OVERHEAD_BYTES}, so that its batch is never larger than the limit. Negative where the
     * limit is too small for any record.
     */
    static int mostContent(int maxMessageBytes, CompressionType compression) {
        return maxMessageBytes - OVERHEAD_BYTES - mostExpansion(maxMessageBytes, compression);
    }

    /** Bytes by which so many bytes can grow when they are compressed. */
    static int mostExpansion(int bytes, CompressionType compression) {
        return switch (compression) {
            case NONE -> 0;
            case LZ4 -> 11 + 4 * blocks(bytes, 64 * 1024);
            case GZIP -> 18 + 13 + (bytes >> 12) + (bytes >> 14) + (bytes >> 25);
            case ZSTD -> 64 + (bytes >> 8);
            case SNAPPY -> 16 + 36 * blocks(bytes, 32 * 1024) + bytes / 6;
        };
    }

    private static int blocks(int bytes, int blockBytes) {
        return bytes / blockBytes + 1;
    }
}
