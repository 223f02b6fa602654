package io.quotelake.job.quote;

/**
 * A row on its way to its file: the line as it will stand there, and the folder. A plain mutable
 * object with public fields, because Flink serialises such objects without Kryo and the parser
 * fills the same one again and again: nobody downstream may keep it.
 */
public class QuoteRow {

    /** No row is longer: each of its numbers has at most 24 characters. */
    static final int MAX_LENGTH = 512;

    /** The folder under the table's prefix, {@code index=HSI/date=1986-12-31}. */
    public String folder;

    /** The line in UTF-8, newline included, in its first {@link #length} bytes. */
    public byte[] line = new byte[MAX_LENGTH];

    /** How many bytes of {@link #line} count. */
    public int length;
}
