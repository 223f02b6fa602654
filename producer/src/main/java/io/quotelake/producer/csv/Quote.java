package io.quotelake.producer.csv;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * One quote, ready for Kafka. The arrays are shared and not to be written to.
 *
 * @param key the index in UTF-8, or null when the row names none
 * @param json the quote as JSON in UTF-8
 * @param dateOffset where the ten characters of the date stand in {@code json}; meaningless without
 *     a date
 * @param epochDay the trading day in days since 1970-01-01, or {@link #NO_DATE}
 */
public record Quote(byte[] key, byte[] json, int dateOffset, int epochDay) {

    /** Stands for a date that is missing in the row. */
    public static final int NO_DATE = Integer.MIN_VALUE;

    public boolean hasDate() {
        return epochDay != NO_DATE;
    }

    /** The same numbers on another day; a quote without a date stays as it is. */
    public Quote redated(LocalDate day) {
        if (!hasDate()) {
            return this;
        }
        byte[] redated = json.clone();
        byte[] date = day.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(date, 0, redated, dateOffset, date.length);
        return new Quote(key, redated, dateOffset, (int) day.toEpochDay());
    }
}
