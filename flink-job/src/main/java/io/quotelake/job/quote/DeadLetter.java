package io.quotelake.job.quote;

import io.quotelake.job.source.SourceRecord;

/**
 * A record that is not a quote, with its bytes, key and headers as they came, its place in the
 * source, and the reason. A plain object with public fields, so that Flink serialises it without
 * Kryo.
 */
public class DeadLetter {

    public String topic;
    public int partition;
    public long offset;

    /** Milliseconds since 1970 in UTC; -1 where the record carries none. */
    public long timestamp;

    /** Null where the record has none. */
    public byte[] key;

    /** Null in a tombstone. */
    public byte[] value;

    public String[] headerNames;
    public byte[][] headerValues;

    public DeadLetterReason reason;

    /** A sentence for a person. */
    public String detail;

    /** For Flink's serialiser. */
    public DeadLetter() {}

    /** A letter about the record. It shares the record's bytes, and nothing that is used again. */
    public DeadLetter(SourceRecord record, DeadLetterReason reason, String detail) {
        this.topic = record.topic;
        this.partition = record.partition;
        this.offset = record.offset;
        this.timestamp = record.timestamp;
        this.key = record.key;
        this.value = record.value;
        this.headerNames = record.headerNames;
        this.headerValues = record.headerValues;
        this.reason = reason;
        this.detail = detail;
    }
}
