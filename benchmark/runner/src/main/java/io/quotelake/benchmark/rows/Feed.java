package io.quotelake.benchmark.rows;

/**
 * The rows of a measurement, numbered from 0. Each is made from its number alone, so that millions
 * can be sent, and each be compared with what a contestant made of it, without holding one. Safe
 * for use by many threads.
 */
public interface Feed {

    /** Names the feed and all that it depends on; usable in topic names. */
    String name();

    /** How many rows are sent. */
    long rows();

    /** How many partitions its topic has. */
    int topicPartitions();

    /** The partition of the topic that a row goes to. */
    int topicPartition(long row);

    /** The record's key: the index. */
    byte[] key(long row);

    /** Appends the record's value: the quote as JSON. */
    void appendQuote(long row, ByteText text);

    /**
     * Appends the row as it stands in the lake, up to the last quote field: the brace is still
     * open.
     */
    void appendRow(long row, ByteText text);

    /** How many folders the lake has in the end. */
    int folders();

    /** A folder's path in the table, e.g. {@code index=HSI/date=1986-12-31}. */
    String folder(int folder);

    /** The folder that a row belongs to. */
    int folderOf(long row);

    /**
     * How often each row occurs among all: rows with the same number modulo {@code rows() /
     * copies()} are equal.
     *
     * @return a divisor of {@link #rows}; 1 if all differ
     */
    int copies();

    /**
     * Recognises a row.
     *
     * @param folder where it was found
     * @param line one JSON object of a contestant
     * @return its number, less than {@code rows() / copies()}; or -1 if this feed has no such row
     */
    long recognise(int folder, byte[] line, int start, int end);
}
