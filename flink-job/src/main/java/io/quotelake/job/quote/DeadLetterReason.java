package io.quotelake.job.quote;

import java.util.Locale;

/**
 * Why a record is not a quote: a closed list, in the order in which a record with several faults is
 * judged.
 */
public enum DeadLetterReason {
    /** No value (a tombstone) or a value of no bytes. */
    EMPTY,

    /** More bytes than {@code --max-record-size}. */
    TOO_LARGE,

    /** Not one JSON object in UTF-8 (RFC 8259), or a field of the quote stands in it twice. */
    NOT_JSON,

    /** A required field is absent, null or NaN. */
    MISSING_FIELD,

    /** The index can't be a folder's name. */
    BAD_INDEX,

    /** The date is not a day of the calendar, written yyyy-MM-dd. */
    BAD_DATE,

    /** A price is not a finite number, or the volume is not a whole number from 0 to 2^63-1. */
    BAD_NUMBER,

    /** Not low &lt;= open, close &lt;= high. */
    INCONSISTENT_PRICES;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it stands in the header {@code quotelake.reason} and in the metrics: "missing-field". */
    public String label() {
        return label;
    }
}
