package io.quotelake.verifier.verify;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The row that a quote has to give. Prices are equal when they are the same double, bit by bit, and
 * the row has either the record's number or no more digits than name a double: so not even a digit
 * beyond a double's precision can change unseen. Which digits those are differs between versions of
 * Java: 2E23 is 1.9999999999999998E23 in Java 17 and 2.0E23 since Java 19.
 *
 * @param timestamp of the record, in milliseconds since 1970
 */
record ExpectedRow(Quote quote, long timestamp) {
    /** So many significant digits name every double. */
    private static final int DIGITS_OF_A_DOUBLE = 17;

    private static final long FIRST_MILLISECOND =
            Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLISECOND =
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    /** Where it belongs, below the table's prefix. */
    String folder(Granularity granularity) {
        return "index=%s/date=%s".formatted(quote.index(), granularity.of(quote.date()));
    }

    /** What is different in a row, field by field; nothing when it is right. */
    List<String> differences(LakeRow row) {
        List<String> differences = new ArrayList<>();
        compare(differences, "trade_date", quote.date(), row.tradeDate());
        comparePrice(differences, "open", quote.openText(), row.open());
        comparePrice(differences, "high", quote.highText(), row.high());
        comparePrice(differences, "low", quote.lowText(), row.low());
        comparePrice(differences, "close", quote.closeText(), row.close());
        comparePrice(differences, "adj_close", quote.adjCloseText(), row.adjClose());
        compare(differences, "volume", Long.toString(quote.volume()), row.volume());
        comparePrice(differences, "close_usd", quote.closeUsdText(), row.closeUsd());
        compare(differences, "kafka_timestamp", timestampInRow(), row.timestamp());
        return differences;
    }

    /**
     * Whether a row was made from another record than this one: neither the time nor the rest is
     * its. A record's time and its values don't both change.
     */
    boolean isOfAnotherRecord(LakeRow row) {
        List<String> differences = differences(row);
        return differences.size() > 1 && isOfAnotherTime(row, timestamp);
    }

    /** Whether a row's time is known, and is not that of a record. */
    static boolean isOfAnotherTime(LakeRow row, long timestamp) {
        return row.timestamp() != null && timestamp != -1 && row.timestamp() != timestamp;
    }

    /**
     * Records may carry no time, and no row has one outside of the years that ISO writes with four
     * digits.
     */
    private Long timestampInRow() {
        boolean isWritten =
                timestamp != -1 && timestamp >= FIRST_MILLISECOND && timestamp <= LAST_MILLISECOND;
        return isWritten ? timestamp : null;
    }

    private static void comparePrice(
            List<String> differences, String field, String expected, String found) {
        boolean isEqual =
                expected == null || found == null
                        ? Objects.equals(expected, found)
                        : isSamePrice(expected, found);
        if (!isEqual) {
            add(differences, field, expected, found);
        }
    }

    private static boolean isSamePrice(String expected, String found) {
        if (expected.equals(found)) {
            return true;
        }
        BigDecimal number = new BigDecimal(found);
        return Double.doubleToLongBits(Double.parseDouble(expected))
                        == Double.doubleToLongBits(Double.parseDouble(found))
                && (number.precision() <= DIGITS_OF_A_DOUBLE
                        || number.compareTo(new BigDecimal(expected)) == 0);
    }

    private static void compare(
            List<String> differences, String field, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            add(differences, field, expected, found);
        }
    }

    private static void add(List<String> differences, String field, Object expected, Object found) {
        differences.add("%s is %s instead of %s".formatted(field, found, expected));
    }
}
