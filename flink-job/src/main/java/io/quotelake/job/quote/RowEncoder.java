package io.quotelake.job.quote;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;

/**
 * Writes a quote as the line that will stand in its file: one JSON object, always all keys, always
 * in the same order, a newline at the end. Index and date stand in the folder only.
 */
final class RowEncoder {

    private static final byte[] TRADE_DATE = ascii("{\"trade_date\":\"");
    private static final byte[] OPEN = ascii("\",\"open\":");
    private static final byte[] HIGH = ascii(",\"high\":");
    private static final byte[] LOW = ascii(",\"low\":");
    private static final byte[] CLOSE = ascii(",\"close\":");
    private static final byte[] ADJ_CLOSE = ascii(",\"adj_close\":");
    private static final byte[] VOLUME = ascii(",\"volume\":");
    private static final byte[] CLOSE_USD = ascii(",\"close_usd\":");
    private static final byte[] PARTITION = ascii(",\"kafka_partition\":");
    private static final byte[] OFFSET = ascii(",\"kafka_offset\":");
    private static final byte[] TIMESTAMP = ascii(",\"kafka_timestamp\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("}\n");

    private static final long FIRST_SECOND = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private final boolean lineage;
    private byte[] line;
    private int length;

    /** Records of one second follow each other: its text is kept. */
    private long lastSecond = Long.MIN_VALUE;

    private byte[] lastSecondText;

    /**
     * @param lineage whether rows carry the three {@code kafka_} columns
     */
    RowEncoder(boolean lineage) {
        this.lineage = lineage;
    }

    /**
     * Sets the row's line.
     *
     * @param timestampMillis the record's; outside of the years 0 to 9999 it becomes null
     */
    void encode(Quote quote, int partition, long offset, long timestampMillis, QuoteRow row) {
        line = row.line;
        length = 0;
        append(TRADE_DATE);
        append(quote, QuoteField.DATE);
        append(OPEN);
        append(quote, QuoteField.OPEN);
        append(HIGH);
        append(quote, QuoteField.HIGH);
        append(LOW);
        append(quote, QuoteField.LOW);
        append(CLOSE);
        append(quote, QuoteField.CLOSE);
        append(ADJ_CLOSE);
        append(quote, QuoteField.ADJ_CLOSE);
        append(VOLUME);
        append(quote, QuoteField.VOLUME);
        append(CLOSE_USD);
        append(quote, QuoteField.CLOSE_USD);
        if (lineage) {
            append(PARTITION);
            appendNumber(partition);
            append(OFFSET);
            appendNumber(offset);
            append(TIMESTAMP);
            appendTimestamp(timestampMillis);
        }
        append(END);
        row.length = length;
    }

    private void append(Quote quote, QuoteField field) {
        if (quote.has(field)) {
            int from = quote.start(field);
            append(quote.text(), from, quote.end(field) - from);
        } else {
            append(NULL);
        }
    }

    private void append(byte[] text) {
        append(text, 0, text.length);
    }

    private void append(byte[] text, int from, int count) {
        System.arraycopy(text, from, line, length, count);
        length += count;
    }

    /** Appends a number that is not negative. */
    private void appendNumber(long number) {
        int digits = 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            digits++;
        }
        length += digits;
        long rest = number;
        for (int i = length - 1; i >= length - digits; i--) {
            line[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Appends {@code "2026-01-05T09:30:00.123Z"}: UTC, always with three decimals. */
    private void appendTimestamp(long millis) {
        long second = Math.floorDiv(millis, 1_000L);
        if (millis == -1 || second < FIRST_SECOND || second > LAST_SECOND) {
            append(NULL);
            return;
        }
        if (second != lastSecond) {
            String text = Instant.ofEpochSecond(second).toString();
            lastSecondText = ascii("\"" + text.substring(0, text.length() - 1) + ".");
            lastSecond = second;
        }
        append(lastSecondText);
        int fraction = (int) Math.floorMod(millis, 1_000L);
        line[length++] = (byte) ('0' + fraction / 100);
        line[length++] = (byte) ('0' + fraction / 10 % 10);
        line[length++] = (byte) ('0' + fraction % 10);
        line[length++] = 'Z';
        line[length++] = '"';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
