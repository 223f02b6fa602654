package io.quotelake.job.quote;

/**
 * Turns a record's bytes into a quote: the scanner takes what it can, the JSON reader decides about
 * all else. It throws for no record, whatever its bytes. Not thread-safe: one a task.
 */
final class QuoteParser {

    private final QuoteScanner scanner = new QuoteScanner();
    private final JsonQuoteReader reader = new JsonQuoteReader();
    private final long maxRecordBytes;

    /**
     * @param maxRecordBytes larger values are dead letters, unread
     */
    QuoteParser(long maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    /**
     * Fills the quote.
     *
     * @param value may be null
     * @return null if it is a quote, else why not; the quote's content then means nothing
     */
    Rejection parse(byte[] value, Quote quote) {
        if (value == null || value.length == 0) {
            return new Rejection(
                    DeadLetterReason.EMPTY,
                    value == null ? "no value (a tombstone)" : "a value of no bytes");
        }
        if (value.length > maxRecordBytes) {
            return new Rejection(
                    DeadLetterReason.TOO_LARGE,
                    value.length + " bytes, more than the " + maxRecordBytes + " accepted");
        }
        return scanner.scan(value, quote) ? null : reader.read(value, quote);
    }
}
