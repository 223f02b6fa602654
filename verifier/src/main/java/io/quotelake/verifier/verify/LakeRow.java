package io.quotelake.verifier.verify;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a part file, read as the design writes it and in no other way: all keys, in order,
 * doubles with a decimal point, the volume without. Numbers stay the text they are; {@code null} is
 * an absent value.
 *
 * @param timestamp of the Kafka record, in milliseconds since 1970; null where it has none
 */
public record LakeRow(
        String tradeDate,
        String open,
        String high,
        String low,
        String close,
        String adjClose,
        String volume,
        String closeUsd,
        int partition,
        long offset,
        Long timestamp) {
    private static final String DOUBLE = "(-?\\d+\\.\\d+(?:[eE][-+]?\\d+)?)";
    private static final String OPTIONAL_DOUBLE = "(-?\\d+\\.\\d+(?:[eE][-+]?\\d+)?|null)";
    private static final String QUOTE =
            "\\{\"trade_date\":\"(\\d{4}-\\d{2}-\\d{2})\",\"open\":"
                    + DOUBLE
                    + ",\"high\":"
                    + DOUBLE
                    + ",\"low\":"
                    + DOUBLE
                    + ",\"close\":"
                    + DOUBLE
                    + ",\"adj_close\":"
                    + OPTIONAL_DOUBLE
                    + ",\"volume\":(\\d{1,19}),\"close_usd\":"
                    + OPTIONAL_DOUBLE;
    private static final Pattern ROW =
            Pattern.compile(
                    QUOTE
                            + ",\"kafka_partition\":(\\d{1,9}),\"kafka_offset\":(\\d{1,18}),"
                            + "\"kafka_timestamp\":(?:\"([0-9T:.-]+Z)\"|null)}");
    private static final Pattern ROW_WITHOUT_LINEAGE = Pattern.compile(QUOTE + "}");

    /** The row of a line, without its newline; nothing when the line isn't a row with lineage. */
    public static Optional<LakeRow> of(String line) {
        Matcher matcher = ROW.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new LakeRow(
                            matcher.group(1),
                            matcher.group(2),
                            matcher.group(3),
                            matcher.group(4),
                            matcher.group(5),
                            orNull(matcher.group(6)),
                            matcher.group(7),
                            orNull(matcher.group(8)),
                            Integer.parseInt(matcher.group(9)),
                            Long.parseLong(matcher.group(10)),
                            timestamp(matcher.group(11))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Whether a line is a whole row that the job wrote with {@code --no-lineage}. */
    static boolean lacksLineage(String line) {
        return ROW_WITHOUT_LINEAGE.matcher(line).matches();
    }

    private static Long timestamp(String text) {
        return text == null ? null : (Long) Instant.parse(text).toEpochMilli();
    }

    private static String orNull(String text) {
        return text.equals("null") ? null : text;
    }
}
