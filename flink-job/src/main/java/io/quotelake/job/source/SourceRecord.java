package io.quotelake.job.source;

/**
 * One record as it lies in the topic: its bytes, untouched, and its place.
 *
 * <p>A plain mutable object with public fields, because Flink serialises such objects without Kryo
 * and the source fills the same one again and again: nobody downstream may keep it.
 */
public class SourceRecord {

    private static final String[] NO_NAMES = {};
    private static final byte[][] NO_VALUES = {};

    /** The topic's name. */
    public String topic;

    /** The partition's number, from 0. */
    public int partition;

    /** The offset in the partition, from 0. */
    public long offset;

    /** Milliseconds since 1970 in UTC; -1 where the record carries none. */
    public long timestamp;

    /** The key; null where the record has none. */
    public byte[] key;

    /** The value; null in a tombstone. */
    public byte[] value;

    /** The headers' names, in their order; a name may stand several times. */
    public String[] headerNames = NO_NAMES;

    /** The headers' values beside their names; each may be null. */
    public byte[][] headerValues = NO_VALUES;

    /** Forgets the headers of the record before. */
    void clearHeaders() {
        headerNames = NO_NAMES;
        headerValues = NO_VALUES;
    }
}
