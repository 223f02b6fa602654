package io.quotelake.job.quote;

import java.util.Arrays;

/**
 * A valid quote, as slices of text that are ready to be written: index and date as they stand, the
 * numbers in the row's spelling (prices with a decimal point, the volume without).
 *
 * <p>Filled again for each record. The text may be the record's own bytes: a slice is good until
 * the next record.
 */
final class Quote {

    private static final int ABSENT = -1;

    private byte[] text;
    private final int[] start = new int[QuoteField.COUNT];
    private final int[] end = new int[QuoteField.COUNT];
    private final double[] value = new double[QuoteField.COUNT];
    private int date;

    /** Forgets the quote before; slices are of {@code text} from now on. */
    void reset(byte[] text) {
        this.text = text;
        Arrays.fill(start, ABSENT);
    }

    byte[] text() {
        return text;
    }

    /** False where an optional field is absent, null or NaN. */
    boolean has(QuoteField field) {
        return start[field.ordinal()] != ABSENT;
    }

    int start(QuoteField field) {
        return start[field.ordinal()];
    }

    int end(QuoteField field) {
        return end[field.ordinal()];
    }

    /** The trading day as the number yyyymmdd. */
    int date() {
        return date;
    }

    void set(QuoteField field, int from, int to) {
        start[field.ordinal()] = from;
        end[field.ordinal()] = to;
    }

    /** Sets the date's slice and its number yyyymmdd. */
    void setDate(int from, int to, int yyyymmdd) {
        set(QuoteField.DATE, from, to);
        date = yyyymmdd;
    }

    /** Sets a price's slice and its value. */
    void setPrice(QuoteField field, int from, int to, double price) {
        set(field, from, to);
        value[field.ordinal()] = price;
    }

    double price(QuoteField field) {
        return value[field.ordinal()];
    }

    /** Whether low &lt;= open, close &lt;= high. */
    boolean hasConsistentPrices() {
        double low = price(QuoteField.LOW);
        double high = price(QuoteField.HIGH);
        double open = price(QuoteField.OPEN);
        double close = price(QuoteField.CLOSE);
        return low <= open && open <= high && low <= close && close <= high;
    }
}
