package io.quotelake.job.owner;

import io.quotelake.job.quote.DateGranularity;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/**
 * One submission of the job, the same over all its restarts and in all its tasks.
 *
 * @param token tells this submission from every other one
 * @param table the table's prefix, as {@code --output} gives it
 * @param dateGranularity what one {@code date=} folder of the table holds: day, month or year
 * @param topic the topic whose records become rows
 * @param topicId Kafka's id of the topic; null where the broker gives none
 * @param append whether rows may be added beside those of other jobs
 */
public record Run(
        String token,
        String table,
        String dateGranularity,
        String topic,
        String topicId,
        boolean append)
        implements Serializable {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 8;

    /** A new submission. */
    public static Run of(
            String table,
            DateGranularity dateGranularity,
            String topic,
            String topicId,
            boolean append) {
        byte[] token = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(token);
        return new Run(
                HexFormat.of().formatHex(token),
                table,
                dateGranularity.name().toLowerCase(Locale.ROOT),
                topic,
                topicId,
                append);
    }
}
